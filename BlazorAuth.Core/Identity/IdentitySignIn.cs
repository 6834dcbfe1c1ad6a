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

    public async ValueTask<SignInGrant> ReadAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties, bool isAgain)
    {
        var types = options.Value.ClaimsIdentity;
        var users = http.RequestServices.GetRequiredService<UserManager<TUser>>();
        var id = users.GetUserId(principal) ?? principal.FindFirstValue(AuthClaims.Subject)
            ?? throw new InvalidOperationException($"A principal without a claim of type '{types.UserIdClaimType}' cannot sign in: the session would have no user.");
        var found = await users.FindAsync(id);
        var user = IdentityClaims.UserOf(principal, id, found is not null && users.SupportsUserEmail && await users.IsEmailConfirmedAsync(found), types);
        var claims = IdentityClaims.Of(principal, user, types);
        var provider = await ProviderOfAsync(http, principal, id, found);
        var answer = provider is null ? null : await ExternalCookie.ReadAsync(http);
        var proof = answer?.Provider == provider ? answer?.Proof : null;
        var account = new AuthAccount
        {
            Provider = AuthProviderRegistry.IdOf(provider ?? principal.FindFirstValue(ClaimTypes.AuthenticationMethod) ?? LocalProvider), ProviderAccountId = id, Type = AuthProviderType.Credentials,
        };
        return new SignInGrant(user, account, [], claims)
        {
            // With a provider, a second factor or a passkey, the sign-in began requests ago.
            BeganAt = answer?.StartedAt ?? http.Features.Get<FactorShown>()?.AskedAt ?? RequestDecisions.Current?.BeganAt ?? clock.GetUtcNow(),
            AuthenticatedAt = proof is null ? clock.GetUtcNow() : proof.AskedAt,
            IsConfirmation = proof is null && !isAgain,
            IsPersistent = properties?.IsPersistent ?? false,
            AreClaimsWhole = true,
            Stamp = IdentityClaims.StampOf(principal.FindFirstValue(types.SecurityStampClaimType), claims),
        };
    }

    /// <summary>Also the request's own session, when a page signs its user in again, such as for changed claims, and nobody has shown who they are in this request.</summary>
    public async ValueTask<string?> SessionOfAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        if (IAppSignIn.SessionOf(principal, properties) is { } session)
        {
            return session;
        }

        var users = http.RequestServices.GetRequiredService<UserManager<TUser>>();
        return (users.GetUserId(principal) ?? principal.FindFirstValue(AuthClaims.Subject)) is { } id && (await http.CurrentTicketAsync()) is { } current && current.UserId == id
            && !principal.HasClaim(claim => claim.Type == ClaimTypes.AuthenticationMethod) && http.Features.Get<ProviderAnswerRead>() is null
            && http.Features.Get<SecretShown>()?.UserId != id
            && !await NamesMethodAsync(http, principal, await users.FindAsync(id))
                ? current.Id
                : null;
    }

    // RefreshSignInAsync passes them on.
    public AuthenticationProperties PropertiesOf(Session session, bool isTransient)
    {
        var properties = new AuthenticationProperties { IsPersistent = !isTransient, IssuedUtc = session.LastSeenAt, ExpiresUtc = session.ExpiresAt };
        properties.Items[IAppSignIn.SessionKey] = session.Id;
        return properties;
    }

    public ValueTask<bool> MayGoOnAsync(Session session, CancellationToken cancellationToken) => stamps.MayGoOnAsync(session, cancellationToken);

    /// <summary>The provider whose word it is who signs in; null where Identity has asked them itself, for a password, a passkey or a second factor.</summary>
    private static async Task<string?> ProviderOfAsync(HttpContext http, ClaimsPrincipal principal, string userId, TUser? user)
    {
        var named = principal.FindFirstValue(ClaimTypes.AuthenticationMethod);
        if (named is null && http.Features.Get<SecretShown>()?.UserId == userId)
        {
            return null;
        }

        return (named is null || http.Features.Get<FactorShown>() is not null) && await NamesMethodAsync(http, principal, user)
            ? null

            // A page may leave out with which provider the person came, or call it otherwise.
            : http.Features.Get<ProviderAnswerRead>()?.Provider ?? named;
    }

    // SignInManager adds how the person showed who they are, such as by a password or a second factor (RFC 8176 §2), to what the factory writes for everybody.
    private static async Task<bool> NamesMethodAsync(HttpContext http, ClaimsPrincipal principal, TUser? user)
    {
        var count = principal.FindAll(IdentityClaims.Methods).Count();
        var written = user is null || count == 0 ? null : await http.RequestServices.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>().CreateAsync(user);
        return count > (written?.FindAll(IdentityClaims.Methods).Count() ?? 0);
    }
}
