using System.Security.Claims;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>A sign-in of Identity's <c>SignInManager</c>: its principal and its properties become a BlazorAuth session.</summary>
internal sealed class IdentitySignIn<TUser>(StampChecks<TUser> stamps, IOptions<IdentityOptions> options, SharedClock clock) : IAppSignIn
    where TUser : class
{
    private const string LocalProvider = "password";

    // What SignInManager writes after a second factor (RFC 8176 §2). Factories of apps write it, too, for everybody who has one.
    private const string SecondFactor = "mfa";

    public async ValueTask<SignInGrant> ReadAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        var types = options.Value.ClaimsIdentity;
        var users = http.RequestServices.GetRequiredService<UserManager<TUser>>();
        var id = users.GetUserId(principal) ?? principal.FindFirstValue(AuthClaims.Subject)
            ?? throw new InvalidOperationException($"A principal without a claim of type '{types.UserIdClaimType}' cannot sign in: the session would have no user.");
        var found = await users.FindAsync(id);
        var user = IdentityClaims.UserOf(principal, id, found is not null && users.SupportsUserEmail && await users.IsEmailConfirmedAsync(found), types);
        var claims = IdentityClaims.Of(principal, user, types);
        var account = new AuthAccount
        {
            Provider = AuthProviderRegistry.IdOf(principal.FindFirstValue(ClaimTypes.AuthenticationMethod) ?? LocalProvider), ProviderAccountId = id, Type = AuthProviderType.Credentials,
        };
        var proof = await ProofAsync(http, principal, found);
        return new SignInGrant(user, account, [], claims)
        {
            BeganAt = BeganAt(http, proof),
            AuthenticatedAt = proof is null ? clock.GetUtcNow() : proof.AskedAt,
            IsConfirmation = proof is null && IAppSignIn.SessionOf(principal, properties) is null,
            IsPersistent = properties?.IsPersistent ?? false,
            Stamp = IdentityClaims.StampOf(principal.FindFirstValue(types.SecurityStampClaimType), claims),
        };
    }

    // RefreshSignInAsync passes them on.
    public AuthenticationProperties PropertiesOf(Session session, bool isTransient)
    {
        var properties = new AuthenticationProperties { IsPersistent = !isTransient, IssuedUtc = session.LastSeenAt, ExpiresUtc = session.ExpiresAt };
        properties.Items[IAppSignIn.SessionKey] = session.Id;
        return properties;
    }

    public ValueTask<bool> MayGoOnAsync(Session session, CancellationToken cancellationToken) => stamps.MayGoOnAsync(session, cancellationToken);

    /// <summary>What a provider says of when it asked the person; null where Identity has asked them itself, for a password, a passkey or a second factor.</summary>
    private static async Task<ProviderProof?> ProofAsync(HttpContext http, ClaimsPrincipal principal, TUser? user) =>
        await ProviderOfAsync(http, principal, user) is { } provider && !(principal.HasClaim(IdentityClaims.Methods, SecondFactor) && http.Features.Get<FactorShown>() is not null)
            ? await IdentityFlows.ProofAsync(http, provider)
            : null;

    // A page may leave out that the person came from a provider.
    private static async Task<string?> ProviderOfAsync(HttpContext http, ClaimsPrincipal principal, TUser? user) =>
        principal.FindFirstValue(ClaimTypes.AuthenticationMethod) is { } named ? named
        : http.Features.Get<ProviderAnswerRead>() is { Provider: var read } && !await NamesMethodAsync(http, principal, user) ? read
        : null;

    // SignInManager adds how the person showed who they are, such as by a password, to what the factory writes.
    private static async Task<bool> NamesMethodAsync(HttpContext http, ClaimsPrincipal principal, TUser? user)
    {
        var written = user is null ? null : await http.RequestServices.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>().CreateAsync(user);
        return principal.FindAll(IdentityClaims.Methods).Count() > (written?.FindAll(IdentityClaims.Methods).Count() ?? 0);
    }

    // With a provider, a second factor or a passkey, the sign-in began requests ago.
    private DateTimeOffset BeganAt(HttpContext http, ProviderProof? proof) =>
        proof?.StartedAt ?? http.Features.Get<FactorShown>()?.AskedAt ?? RequestDecisions.Current?.BeganAt ?? clock.GetUtcNow();
}
