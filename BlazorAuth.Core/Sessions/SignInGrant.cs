using System.Security.Claims;
using System.Text.Json.Nodes;
using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>The gate's word that a person may sign in, with all that the new session is made of.</summary>
internal sealed record SignInGrant(SessionUser User, AuthAccount Account, JsonObject Profile, JsonObject Claims)
{
    // Whatever FromPrincipal reads: what is missing there was taken off.
    private static readonly string[] OfPrincipal =
    [
        AuthClaims.Name, ClaimTypes.Name, AuthClaims.Email, ClaimTypes.Email, AuthClaims.Picture, AuthClaims.EmailVerified, AuthClaims.Roles, ClaimTypes.Role,
    ];

    /// <summary>When the person authenticated; null if unknown.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>Whether a session that goes on takes <see cref="AuthenticatedAt"/> over. Otherwise it keeps its own: nobody was asked again.</summary>
    public bool IsConfirmation { get; init; }

    /// <summary>Asks, when the session's row is written, once more whether the user may have it: why not, or null.</summary>
    public Func<CancellationToken, ValueTask<AuthErrorReason?>>? AskAgain { get; init; }

    /// <summary>When the sign-in began: with a provider, when the person was sent there.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When the app was asked what the session grants: what was decided later may be missing.</summary>
    public DateTimeOffset ClaimedAt { get; init; }

    /// <summary>Asks the app for it once more; null where only the caller knows. Null inside: nothing any more.</summary>
    public Func<CancellationToken, ValueTask<JsonObject?>>? ClaimAgain { get; init; }

    /// <summary>The session in which the sign-in began, as its protected state says; null where nobody was signed in.</summary>
    public string? BeganIn { get; init; }

    /// <summary>The session that the app signs in again: the new one may only take its place. Null for a sign-in of its own.</summary>
    public string? Repeats { get; init; }

    /// <summary>
    /// The row of the session that goes on, because the app signs its person in again, or somebody else, without having asked them: what begins in its place has begun
    /// when it did. Null for a sign-in of its own.
    /// </summary>
    public SessionRow? Former { get; private init; }

    /// <summary>The claims without those of the session that goes on; null where none were added.</summary>
    private JsonObject? OwnClaims { get; init; }

    /// <summary>Of which version of the session that the app signs in again its claims may be; null where it signs none in again.</summary>
    public int? RepeatedVersion { get; init; }

    /// <summary>Whether it is the same person who goes on. Then they came the way they came then.</summary>
    public bool GoesOn => Former?.Record.UserId == User.Id;

    /// <summary>With which provider the session begins.</summary>
    public string Provider => GoesOn ? Former!.Content!.Provider : Account.Provider;

    /// <summary>With which account there; null when nobody knows.</summary>
    public string? ProviderAccountId => GoesOn ? Former!.Content!.ProviderAccountId : Account.ProviderAccountId;

    /// <summary>Whether the session outlives the browser; null where nobody said: it does, or it goes on as the one before.</summary>
    public bool? IsPersistent { get; init; }

    /// <summary>Whether the claims are those of the session that is signed in again, and may be of before it was changed.</summary>
    public bool IsOfSession { get; init; }

    /// <summary>Whether the claims are all that whoever decides on the user grants them, so that others they once granted go.</summary>
    public bool AreClaimsWhole { get; init; }

    /// <summary>What ASP.NET Core Identity knows of the user; null for a session that it does not begin.</summary>
    public UserStamp? Stamp { get; init; }

    /// <summary>Whether the session that goes on had another stamp: whatever changed it since did not want this session to go on.</summary>
    public bool IsOutOfDate => GoesOn && Former!.Content!.Stamp is { } before && Stamp is { } now && now.Value != before.Value;

    /// <summary>The grant of an app that signs a person in by itself: <c>HttpContext.SignInAsync(principal)</c>. An <c>auth_time</c> claim is its word on when.</summary>
    public static SignInGrant FromPrincipal(ClaimsPrincipal principal, DateTimeOffset now)
    {
        var id = principal.FindFirstValue(AuthClaims.Subject) ?? principal.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("A principal without a 'sub' or name identifier claim cannot sign in: the session would have no user.");
        var user = new SessionUser
        {
            Id = id,
            Name = principal.FindFirstValue(AuthClaims.Name) ?? principal.FindFirstValue(ClaimTypes.Name),
            Email = principal.FindFirstValue(AuthClaims.Email) ?? principal.FindFirstValue(ClaimTypes.Email),
            EmailVerified = principal.FindFirstValue(AuthClaims.EmailVerified) == "true",
            Image = principal.FindFirstValue(AuthClaims.Picture),
        };
        var claims = ClaimsOf(user);
        var roles = principal.Claims.Where(claim => claim.Type is AuthClaims.Roles or ClaimTypes.Role).Select(claim => (JsonNode)claim.Value).ToArray();
        if (roles.Length > 0)
        {
            claims[AuthClaims.Roles] = new JsonArray(roles);
        }

        var provider = principal.Identity?.AuthenticationType?.ToLowerInvariant() ?? "app";
        var account = new AuthAccount { Provider = provider, ProviderAccountId = id, Type = AuthProviderType.Credentials };
        var authTime = AuthTime.Read(principal.FindFirstValue(AuthClaims.AuthTime), now);
        return new SignInGrant(user, account, [], claims)
        {
            BeganAt = RequestDecisions.Current?.BeganAt ?? now, AuthenticatedAt = authTime ?? now, IsConfirmation = authTime is not null,
        };
    }

    /// <summary>
    /// The grant that lets a session go on, and makes nothing fresher, longer or anybody else's: unless the app says that it has asked the person since, which begins
    /// another one.
    /// </summary>
    public SignInGrant After(SessionRow? former)
    {
        if (former?.Content is not { } content || (IsConfirmation && !(content.AuthenticatedAt >= AuthenticatedAt)))
        {
            return this;
        }

        var proof = content.AuthenticatedAt is null || content.AuthenticatedAt < AuthenticatedAt ? content.AuthenticatedAt : AuthenticatedAt;
        var grant = this with { Former = former, IsConfirmation = false, AuthenticatedAt = proof };
        return grant.GoesOn ? grant with { Stamp = Stamp ?? content.Stamp, Claims = WithOthersOf(content), OwnClaims = Claims } : grant;
    }

    /// <summary>What the session grants that goes on from one that was changed since the grant looked at it: what was taken away meanwhile stays away.</summary>
    public JsonObject ClaimsAfter(RowContent newest) => AreClaimsWhole && !IsOfSession ? (this with { Claims = OwnClaims ?? Claims }).WithOthersOf(newest) : newest.Claims;

    /// <summary>
    /// The claims, with those that the session has and the principal cannot bring along: the app's callback wrote them, or its code, perhaps to restrict the session. What
    /// Identity gave the session, it may take away.
    /// </summary>
    private JsonObject WithOthersOf(RowContent content)
    {
        IEnumerable<string> ofPrincipal = !AreClaimsWhole ? OfPrincipal : content.Stamp is { } stamp ? stamp.Claims : content.Claims.Select(claim => claim.Key);
        var claims = (JsonObject)Claims.DeepClone();
        foreach (var (name, value) in content.Claims)
        {
            if (!ofPrincipal.Contains(name) && !claims.ContainsKey(name))
            {
                claims[name] = value?.DeepClone();
            }
        }

        return claims;
    }

    /// <summary>The claims that a token holds about a person, in Auth.js's order; what is unknown is left out.</summary>
    public static JsonObject ClaimsOf(SessionUser user)
    {
        var claims = new JsonObject();
        Add(claims, AuthClaims.Name, user.Name);
        Add(claims, AuthClaims.Email, user.Email);
        Add(claims, AuthClaims.Picture, user.Image);
        if (user.Email is not null)
        {
            claims[AuthClaims.EmailVerified] = user.EmailVerified;
        }

        return claims;
    }

    private static void Add(JsonObject claims, string name, string? value)
    {
        if (value is not null)
        {
            claims[name] = value;
        }
    }
}
