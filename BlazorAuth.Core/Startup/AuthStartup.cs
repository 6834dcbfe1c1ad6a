using System.Reflection;
using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Checks at start what the options alone cannot tell: schemes, callbacks, the app's router. A mistake stops the start and names its remedy.</summary>
internal sealed class AuthStartup(
    IServiceProvider services,
    DevelopmentSecret secret,
    IAuthenticationSchemeProvider schemes,
    AuthProviderRegistry providers,
    ProviderIssuer issuers,
    FlowCookies cookies,
    AuthEnvironment environment,
    PublicAddressSource addresses,
    CookieNames names,
    IOptions<AuthOptions> options,
    IHostEnvironment host,
    ILogger<AuthStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        CheckIds(await schemes.GetAllSchemesAsync());
        var all = await providers.AllAsync();
        if (issuers.Problem(all) is { } shared)
        {
            throw new AuthSetupException(shared);
        }

        foreach (var provider in all)
        {
            if (ProviderAddress.Problem(provider.Id, provider.Options, environment) is { } problem)
            {
                throw new AuthSetupException(problem);
            }

            if (addresses.Fixed is { } origin && provider.Options is { } remote)
            {
                logger.CallbackAddress(origin.BaseUrl, provider.Id, origin.Absolute(remote.CallbackPath.ToUriComponent()));
                if (!origin.IsSecure && !ProviderAddress.IsLoopback(origin.Text) && cookies.AnswersByPost(provider.Id, remote))
                {
                    logger.FormPostOverHttp(provider.Id, origin.Text);
                }
            }
        }

        CheckCallbacks();
        CheckChallenges();
        Warn();
        providers.Started();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CheckIds(IEnumerable<AuthenticationScheme> all)
    {
        var remote = all.Where(scheme => RemoteScheme.OptionsType(scheme.HandlerType) is not null
            || CredentialsProvider.Find(services, scheme.Name) is not null).ToList();
        if (remote.Select(scheme => AuthProviderRegistry.NameProblem(scheme.Name)).FirstOrDefault(problem => problem is not null) is { } unusable)
        {
            throw new AuthSetupException(unusable);
        }

        foreach (var same in remote.GroupBy(scheme => AuthProviderRegistry.IdOf(scheme.Name)).Where(group => group.Count() > 1))
        {
            throw new AuthSetupException(
                $"The schemes {string.Join(" and ", same.Select(scheme => $"'{scheme.Name}'"))} have the same provider id '{same.Key}'. Rename one of them.");
        }
    }

    private void CheckCallbacks()
    {
        using var scope = services.CreateScope();
        var callbacks = scope.ServiceProvider.GetRequiredService<AuthCallbacks>();
        var own = options.Value.Callbacks;
        Check("Callbacks", callbacks, own, own.OnAccount, own.OnSignIn, own.OnToken, own.OnSession, own.OnRedirect);
        var events = scope.ServiceProvider.GetRequiredService<AuthEvents>();
        var told = options.Value.Events;
        Check("Events", events, told, told.OnSignedIn, told.OnSignedOut, told.OnSessionRevoked, told.OnSessionReplaced, told.OnUserCreated, told.OnAccountLinked,
            told.OnAccountUnlinked, told.OnUserBanned, told.OnUserDeleted, told.OnSessionRead);
    }

    private void CheckChallenges()
    {
        using var scope = services.CreateScope();
        var used = scope.ServiceProvider.GetRequiredService<IAuthenticationService>();
        if (used is not SignInStarter)
        {
            throw new AuthSetupException(
                $"Sign-ins cannot be tied to the browser that starts them: {used.GetType().Name} was registered as IAuthenticationService after AddBlazorAuth. "
                + "Register it before AddBlazorAuth, which then forwards everything to it.");
        }
    }

    private static void Check(string what, object used, object own, params ReadOnlySpan<Delegate?> delegates)
    {
        foreach (var set in delegates)
        {
            if (set is not null && !ReferenceEquals(used, own))
            {
                throw new AuthSetupException(
                    $"{what} are set both on AuthOptions.{what} and by {used.GetType().Name}, but only one of the two would run. Move the delegates into the class.");
            }
        }
    }

    private void Warn()
    {
        secret.Tell();
        if (options.Value.TrustHost == true)
        {
            logger.HostTrusted();
        }

        if (options.Value is { AllowHttp: true } && !host.IsDevelopment())
        {
            foreach (var address in options.Value.AllowedOrigins.Append(options.Value.Url?.OriginalString ?? "").Where(IsPlainHttp))
            {
                logger.PlainHttpAllowed(address);
            }
        }

        if (options.Value.Session.AcceptAuthJsTokens)
        {
            TellCookieName();
        }

        foreach (var id in providers.WithoutKeys)
        {
            logger.ProviderWithoutKeys(id, AuthEnvironment.Variable(id, "ID"), AuthEnvironment.Variable(id, "SECRET"));
        }

        if (host.IsDevelopment() && Assembly.GetEntryAssembly() is { } app && RoutesWithoutAuthorization(app))
        {
            logger.AuthorizeRouteViewMissing(app.GetName().Name);
        }
    }

    private static bool IsPlainHttp(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback;

    private void TellCookieName()
    {
        var isSecure = addresses.Fixed?.IsSecure ?? !host.IsDevelopment();
        logger.AuthJsCookieName(names.Session(isSecure), names.IsSessionGuarded(isSecure)
            ? "Set the same name in Auth.js (cookies.sessionToken.name), or set AUTH_SHARE_WITH_AUTHJS=true to use the default name of Auth.js."
            : "That is the default name of Auth.js.");
    }

    private static bool RoutesWithoutAuthorization(Assembly app) =>
        AppTypes.UsedIn(app) is { } used && used.Contains("RouteView") && !used.Contains("AuthorizeRouteView");
}
