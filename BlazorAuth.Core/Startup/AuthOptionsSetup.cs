using BlazorAuth.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Fills what code, environment and <c>appsettings</c> left unset.</summary>
internal sealed class AuthOptionsSetup(AuthEnvironment environment, IHostEnvironment host, DevelopmentSecret developmentSecret)
    : IPostConfigureOptions<AuthOptions>
{
    /// <summary>The file of sessions and users that an app has which sets nothing, in the content root.</summary>
    public static readonly string DefaultFile = Path.Combine("App_Data", "blazorauth.db");

    public void PostConfigure(string? name, AuthOptions options)
    {
        options.Store ??= $"sqlite:{DefaultFile}";
        if (string.Equals(options.Accounts.Store?.Trim(), "off", StringComparison.OrdinalIgnoreCase))
        {
            (options.Accounts.Store, options.Accounts.Enabled) = (null, false);
        }

        options.Pages.AppName ??= host.ApplicationName;
        FillSecrets(options);
    }

    private void FillSecrets(AuthOptions options)
    {
        if (options.Secrets.Count > 0)
        {
            return;
        }

        foreach (var name in (string[])["SECRET_3", "SECRET_2", "SECRET_1", "SECRET"])
        {
            if (environment.Get(name) is { } secret)
            {
                // A secret is never trimmed: another program that shares it would use it as it is.
                if (secret != secret.Trim() || secret is ['"', .., '"'] or ['\'', .., '\''])
                {
                    options.Problems.Add($"AUTH_{name} starts or ends with whitespace or is in quotes, which would be part of the secret. Remove them.");
                }

                options.Secrets.Add(secret);
            }
        }

        if (options.Secrets.Count == 0 && host.IsDevelopment())
        {
            options.Secrets.Add(developmentSecret.GetOrCreate());
        }
    }
}
