using System.Net;
using BlazorAuth.Http;
using BlazorAuth.Look;
using BlazorAuth.Providers;
using BlazorAuth.Stores;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Refuses a set-up that cannot work, naming what to do. Runs when the app starts.</summary>
internal sealed class AuthOptionsValidator(IHostEnvironment host, IConfiguration configuration, StoreSchemes schemes, TimeProvider clock) : IValidateOptions<AuthOptions>
{
    public const int MinimumSecretLength = 32;
    private const int FewestCharacters = 8;

    // More than two machines' clocks differ by, and less than a time zone.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var problems = options.Problems
            .Concat(Secrets(options))
            .Concat(Address(options))
            .Concat(Origins(options))
            .Concat(Store(options))
            .Concat(Lifetimes(options))
            .Concat(Cookies(options))
            .Concat(AuthorizationParameters.Problems(options.Providers))
            .Concat(Pages(options))
            .Concat(AuthTheme.Problems(options.Pages))
            .Concat(LanguageChoice.Problems(options.Pages.Texts))
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : throw new AuthSetupException(string.Join(Environment.NewLine, problems));
    }

    private static IEnumerable<string> Secrets(AuthOptions options)
    {
        if (options.Secrets.Count == 0)
        {
            yield return "No secret is set. Set AUTH_SECRET to at least 32 random bytes in base64 (openssl rand -base64 33), or add to AuthOptions.Secrets.";
        }

        if (options.Secrets.Any(secret => secret.Length < MinimumSecretLength))
        {
            yield return $"A secret is shorter than {MinimumSecretLength} characters. Generate one with: openssl rand -base64 33.";
        }
        else if (options.Secrets.Any(secret => secret.Distinct().Count() < FewestCharacters))
        {
            yield return $"A secret has fewer than {FewestCharacters} different characters, so it can be guessed. Generate one with: openssl rand -base64 33.";
        }
    }

    private IEnumerable<string> Address(AuthOptions options)
    {
        if (options.Url is { } url)
        {
            if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
                || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            {
                yield return "AUTH_URL must be an http or https address without user name, query or fragment, such as https://example.com.";
            }
            else if (url.AbsolutePath.Contains("//", StringComparison.Ordinal))
            {
                yield return "AUTH_URL has two slashes in a row in its path: browsers would take what follows for another host. Remove one.";
            }
            else if (NeedsHttps(options, url))
            {
                yield return "AUTH_URL is plain http: anyone on the network could take over sessions. Set it to the https address of the app, or set AUTH_ALLOW_HTTP=true "
                    + "in a network where that is acceptable.";
            }
        }
        else if (!host.IsDevelopment() && options.TrustHost != true && options.KnownProxies.Count == 0)
        {
            yield return "The public address of the app is not known. Set AUTH_URL to it (https://example.com), or AUTH_KNOWN_PROXIES to the proxies "
                + "in front of the app, or AUTH_TRUST_HOST=true if only your own proxy can reach this server.";
        }

        else if (!host.IsDevelopment() && options.TrustHost != true && !new AllowedHosts(configuration).IsSet)
        {
            yield return "With AUTH_KNOWN_PROXIES alone, a forged Host header could decide where users are redirected. Set AUTH_URL to the public address of the app or, if "
                + "it has several, set AllowedHosts to their hosts (app.example.com;*.example.org).";
        }

        foreach (var proxy in options.KnownProxies)
        {
            if (!ProxyNetwork.TryParse(proxy, out var network))
            {
                yield return $"'{proxy}' in AUTH_KNOWN_PROXIES is neither an address (10.0.0.5) nor a network (10.0.0.0/8).";
            }
            else if (network.PrefixLength == 0)
            {
                yield return $"'{proxy}' in AUTH_KNOWN_PROXIES names everybody, so any client could write its own address. Name your proxies, or set AUTH_TRUST_HOST=true "
                    + "if only your own proxy can reach this server.";
            }
        }
    }

    private bool NeedsHttps(AuthOptions options, Uri address) =>
        !host.IsDevelopment() && options.AllowHttp != true && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback;

    private IEnumerable<string> Origins(AuthOptions options) =>
        from origin in options.AllowedOrigins
        let problem = FrontEndOrigins.Problem(origin) ?? (NeedsHttps(options, new Uri(origin))
            ? $"'{origin}' in AUTH_ALLOWED_ORIGINS is plain http: anyone on the network could use a visitor's session. Serve the front end over https, or set "
                + "AUTH_ALLOW_HTTP=true in a network where that is acceptable."
            : null)
        where problem is not null
        select problem;

    private IEnumerable<string> Store(AuthOptions options)
    {
        if (!schemes.TryParse(options.Store, out _, out var error))
        {
            yield return error;
        }

        if (options.Accounts.Store is { } accounts && !schemes.TryParse(accounts, out _, out error, AccountStoreFactory.Setting))
        {
            yield return error;
        }
    }

    private IEnumerable<string> Lifetimes(AuthOptions options)
    {
        var session = options.Session;
        if (session.IdleLifetime <= TimeSpan.Zero || session.AbsoluteLifetime < session.IdleLifetime)
        {
            yield return "AuthOptions.Session.IdleLifetime must be greater than zero and not greater than AbsoluteLifetime.";
        }

        if (session.UpdateAge < TimeSpan.Zero || session.UpdateAge >= session.IdleLifetime)
        {
            yield return "AuthOptions.Session.UpdateAge must be less than IdleLifetime: otherwise sessions end while they are in use.";
        }

        if (session.FreshFor <= TimeSpan.Zero && session.FreshFor != Timeout.InfiniteTimeSpan)
        {
            yield return "AuthOptions.Session.FreshFor must be greater than zero, or Timeout.InfiniteTimeSpan to never ask again.";
        }

        if (session.MostPerUser < 0)
        {
            yield return "AuthOptions.Session.MostPerUser must be zero (no limit) or greater.";
        }

        if (options.DrainDelay < TimeSpan.Zero || options.DrainDelay > TimeSpan.FromMinutes(10))
        {
            yield return "AuthOptions.DrainDelay must be between zero and ten minutes.";
        }

        if (session.NotBefore > clock.GetUtcNow() + MostAhead)
        {
            yield return "AUTH_SESSIONS_NOT_BEFORE is in the future: nobody could sign in until then. Set it to the time of the restore, in UTC.";
        }

        if (session.ReconcileInterval > TimeSpan.FromDays(1))
        {
            yield return "AuthOptions.Session.ReconcileInterval must not be longer than a day: that is how long a session could outlive its revocation on another node.";
        }

        if (options.RateLimit.Window > TimeSpan.FromDays(1))
        {
            yield return "AuthOptions.RateLimit.Window must not be longer than a day: whoever uses up their attempts could not sign in until it is over.";
        }

        if (session.ReconcileInterval <= TimeSpan.Zero || options.RateLimit.Window <= TimeSpan.Zero || options.RateLimit.PermitLimit < 0)
        {
            yield return "AuthOptions.Session.ReconcileInterval and RateLimit.Window must be greater than zero, and RateLimit.PermitLimit must not be negative.";
        }
    }

    private static IEnumerable<string> Cookies(AuthOptions options)
    {
        if (options.Cookies.Prefix.Length == 0 || !options.Cookies.Prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return "AuthOptions.Cookies.Prefix may only contain letters, digits, '-', '_' and '.', and must not be empty.";
        }

        if (options.Cookies.SameSite is not (SameSiteMode.Lax or SameSiteMode.None))
        {
            yield return "AuthOptions.Cookies.SameSite must be Lax or None: with Strict, a visitor who follows a link arrives signed out.";
        }

        if (options.Cookies is { Partitioned: true, SameSite: not SameSiteMode.None })
        {
            yield return "AuthOptions.Cookies.Partitioned is only for a front end on another site. Set AuthOptions.Cookies.SameSite to None too, or leave both out.";
        }

        if (options.Cookies.SameSite == SameSiteMode.None && options.Url is { Scheme: "http" })
        {
            yield return "AuthOptions.Cookies.SameSite is None, which browsers only accept over https. Set AUTH_URL to an https address, or use Lax.";
        }
    }

    private static IEnumerable<string> Pages(AuthOptions options) => PagePaths(options).Concat(
        from host in options.Pages.PictureHosts
        where !Uri.TryCreate(host, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.GetLeftPart(UriPartial.Authority) != host.TrimEnd('/')
        select $"'{host}' in AuthOptions.Pages.PictureHosts is not the origin of pictures. Write it like https://pictures.example.com.");

    private static IEnumerable<string> PagePaths(AuthOptions options) =>
        from page in (string?[])[options.Pages.SignIn, options.Pages.SignOut, options.Pages.Error, options.Pages.VerifyRequest, options.Pages.Account, options.Pages.Sessions]
        where page is not null && (!page.StartsWith('/') || page.StartsWith("//", StringComparison.Ordinal))
        select $"'{page}' in AuthOptions.Pages is not a path of the app. Start it with a single slash: /welcome.";
}
