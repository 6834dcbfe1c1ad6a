using System.Security.Claims;
using BlazorAuth.Providers;
using BlazorAuth.Providers.OpenIdConnect;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Import;

/// <summary>Which provider of this app a foreign name means, and who vouches for its subjects.</summary>
internal sealed class ImportProviders(AuthProviderRegistry providers, ProviderIssuer issuers)
{
    private static readonly string[] Passwords = ["credential", "credentials", "password"];

    /// <summary>Whether a library means a password by this name of a provider.</summary>
    public static bool IsPassword(string provider) => Passwords.Contains(provider, StringComparer.OrdinalIgnoreCase);

    /// <summary>The account as this app would find it at a sign-in; null when the app has no such provider, or what is wrong with its issuer.</summary>
    public async ValueTask<(AccountRecord? Account, string? Problem)> AccountOfAsync(ImportedUser user, ImportedAccount account, ImportOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isNamed = options.Providers.TryGetValue(account.Provider, out var id);
        var provider = isNamed || !IsPassword(account.Provider)
            ? await providers.FindAsync(id ?? account.Provider)
            : await PasswordAsync();
        if (provider?.Type == AuthProviderType.Credentials)
        {
            return (Record(Accounts.WayIn.IssuerOfCredentials(provider.Id), user.Id, provider.Id), null);
        }

        // At a sign-in, a provider that says it is another one signs nobody in.
        if (account.Issuer is null && provider is not null
            && await ProviderIssuer.ClaimProblemAsync(provider, await providers.AllAsync(), cancellationToken) is { } problem)
        {
            return (null, problem);
        }

        var issuer = account.Issuer ?? (provider is null ? null : await IssuerAsync(provider, account.Subject, cancellationToken));
        return issuer is null ? default : (Record(issuer, account.Subject, provider?.Id ?? AuthProviderRegistry.IdOf(id ?? account.Provider)), null);

        AccountRecord Record(string by, string subject, string name) =>
            new() { Issuer = by, Subject = subject, Provider = name, UserId = user.Id, LinkedAt = user.CreatedAt ?? now, LastUsedAt = user.CreatedAt ?? now };
    }

    private async ValueTask<AuthProvider?> PasswordAsync()
    {
        var all = (await providers.AllAsync()).Where(provider => provider.Type == AuthProviderType.Credentials).ToList();
        return all.Count == 1 ? all[0] : null;
    }

    private async ValueTask<string?> IssuerAsync(AuthProvider provider, string subject, CancellationToken cancellationToken)
    {
        if (provider.Options is not OpenIdConnectOptions { ConfigurationManager: { } discovery } options)
        {
            return issuers.OfSubject(provider, new Claim(AuthClaims.Subject, subject));
        }

        // Where a scheme accepts several issuers, each account has its own.
        return await AcceptedIssuers.AreSeveralAsync(options, cancellationToken) ? null : (await discovery.GetConfigurationAsync(cancellationToken)).Issuer;
    }
}
