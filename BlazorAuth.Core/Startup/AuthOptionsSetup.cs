using System.Globalization;
using BlazorAuth.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Fills what code left unset, from the environment, then <c>appsettings</c>, then the default.</summary>
internal sealed class AuthOptionsSetup(AuthEnvironment environment, IHostEnvironment host, DevelopmentSecret developmentSecret)
    : IPostConfigureOptions<AuthOptions>
{
    public void PostConfigure(string? name, AuthOptions options)
    {
        options.Store ??= environment.Get("STORE") ?? $"sqlite:{Path.Combine("App_Data", "blazorauth.db")}";
        options.Pages.AppName ??= environment.Get("APP_NAME") ?? host.ApplicationName;
        Fill(options.KnownProxies, "KNOWN_PROXIES");
        Fill(options.AllowedOrigins, "ALLOWED_ORIGINS");
        FillUrl(options);
        options.TrustHost ??= Flag(options, "TRUST_HOST");
        options.AllowHttp ??= Flag(options, "ALLOW_HTTP");
        options.Cookies.ChosenShareWithAuthJs ??= Flag(options, "SHARE_WITH_AUTHJS");
        FillRateLimit(options);
        FillSecrets(options);
        FillLifetimes(options);
    }

    private void Fill(IList<string> list, string name)
    {
        if (list.Count == 0)
        {
            foreach (var value in environment.GetList(name))
            {
                list.Add(value);
            }
        }
    }

    private void FillUrl(AuthOptions options)
    {
        if (options.Url is null && environment.Get("URL") is { } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url))
            {
                options.Url = url;
            }
            else
            {
                options.Problems.Add("AUTH_URL is not an address. Set it to the public address of the app, such as https://example.com.");
            }
        }
    }

    private bool? Flag(AuthOptions options, string name)
    {
        if (environment.Get(name) is not { } text)
        {
            return null;
        }

        bool? value = text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null };
        if (value is null)
        {
            options.Problems.Add($"AUTH_{name} is neither true nor false. Set it to true or false, or remove it.");
        }

        return value;
    }

    private void FillRateLimit(AuthOptions options)
    {
        options.RateLimit.ChosenWindow ??= Lifetime(options, "RATE_LIMIT_WINDOW");
        if (options.RateLimit.ChosenPermitLimit is null && environment.Get("RATE_LIMIT") is { } text)
        {
            options.RateLimit.ChosenPermitLimit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
            if (options.RateLimit.ChosenPermitLimit is null)
            {
                options.Problems.Add("AUTH_RATE_LIMIT is not a number. Set it to how many sign-ins one address may make a minute, or to 0 for no limit.");
            }
        }
    }

    private void FillLifetimes(AuthOptions options)
    {
        var session = options.Session;
        session.ChosenIdleLifetime ??= Lifetime(options, "SESSION_IDLE_LIFETIME");
        session.ChosenAbsoluteLifetime ??= Lifetime(options, "SESSION_ABSOLUTE_LIFETIME");
        session.ChosenUpdateAge ??= Lifetime(options, "SESSION_UPDATE_AGE");
    }

    private TimeSpan? Lifetime(AuthOptions options, string name)
    {
        if (environment.Get(name) is not { } text)
        {
            return null;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var set))
        {
            return set;
        }

        options.Problems.Add($"AUTH_{name} is not a length of time. Write days.hours:minutes:seconds, such as 30.00:00:00 or 00:20:00.");
        return null;
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
                options.Secrets.Add(secret);
            }
        }

        if (options.Secrets.Count == 0 && host.IsDevelopment())
        {
            options.Secrets.Add(developmentSecret.GetOrCreate());
        }
    }
}
