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
    private static async Task<ProviderProof?> ProofAsync(HttpContext http, ClaimsPrincipal principal, TUser? user)
    {
        var named = principal.FindFirstValue(ClaimTypes.AuthenticationMethod);
        if ((named is null || http.Features.Get<FactorShown>() is not null) && await NamesMethodAsync(http, principal, user))
        {
            return null;
        }

        // A page may leave out with which provider the person came, or call it otherwise.
        return (http.Features.Get<ProviderAnswerRead>()?.Provider ?? named) is { } provider ? await IdentityFlows.ProofAsync(http, provider) : null;
    }

    // SignInManager adds how the person showed who they are, such as by a password or a second factor (RFC 8176 §2), to what the factory writes for everybody.
    private static async Task<bool> NamesMethodAsync(HttpContext http, ClaimsPrincipal principal, TUser? user)
    {
        var count = principal.FindAll(IdentityClaims.Methods).Count();
        var written = user is null || count == 0 ? null : await http.RequestServices.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>().CreateAsync(user);
        return count > (written?.FindAll(IdentityClaims.Methods).Count() ?? 0);
    }

    // With a provider, a second factor or a passkey, the sign-in began requests ago.
    private DateTimeOffset BeganAt(HttpContext http, ProviderProof? proof) =>
        proof?.StartedAt ?? http.Features.Get<FactorShown>()?.AskedAt ?? RequestDecisions.Current?.BeganAt ?? clock.GetUtcNow();
}
