using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.StandIns;

/// <summary>A small app with the platform's real handlers and no keys, on a port of its own.</summary>
internal sealed class StandInApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandInApp(WebApplication app, string pathBase)
    {
        _app = app;
        if (Server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
        {
            // Not the address it listens on: a browser uses a name.
            Address = new Uri($"http://localhost:{new Uri(address).Port}{pathBase}/");
        }
    }

    public Uri Address { get; } = new("http://localhost/");

    public IServiceProvider Services => _app.Services;

    private IServer Server => Services.GetRequiredService<IServer>();

    public static async Task<StandInApp> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<StandInOptions>? standIns = null, bool schemesFirst = false, string pathBase = "",
        Action<WebApplicationBuilder>? configureLast = null)
    {
        var builder = CreateBuilder();
        configure?.Invoke(builder);
        if (!schemesFirst)
        {
            builder.AddStandIns(standIns);
        }

        AddSchemes(builder.Services.AddAuthentication("cookie").AddCookie("cookie"));
        if (schemesFirst)
        {
            builder.AddStandIns(standIns);
        }

        configureLast?.Invoke(builder);
        var app = builder.Build();
        if (pathBase.Length > 0)
        {
            app.UsePathBase(pathBase);
            app.UseRouting();
        }

        app.UseAuthentication();
        app.MapGet("/start/{scheme}", (string scheme, HttpContext http) =>
            http.ChallengeAsync(scheme, new AuthenticationProperties { RedirectUri = http.Request.PathBase + "/me" }));
        app.MapGet("/me", (ClaimsPrincipal user) => user.Claims.GroupBy(claim => claim.Type).ToDictionary(group => group.Key, group => group.First().Value));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StandInApp(app, pathBase);
    }

    /// <summary>Only the stand-ins, as an identity provider on an origin of its own.</summary>
    public static async Task<StandInApp> StartProviderAsync(Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder();
        configure?.Invoke(builder);
        builder.AddStandIns();
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new StandInApp(app, "");
    }

    /// <summary>A browser with no cookies, which goes to the provider and back wherever that is.</summary>
    public Browser CreateBrowser() => new(
        Address, Server is TestServer server ? server.CreateHandler() : new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System)
    {
        LeavesHome = true,
    };

    /// <summary>Starts a sign-in and arrives at the picker.</summary>
    public static Task<Page> StartSignInAsync(Browser browser, string scheme) => browser.OpenAsync($"start/{scheme}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplicationBuilder CreateBuilder()
    {
        var builder = TestBuilder.Create();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        return builder;
    }

    private static void AddSchemes(AuthenticationBuilder schemes) => schemes
        .AddGoogle(options =>
        {
            Relax(options);
            options.ClaimActions.MapJsonKey("picture", "picture");
            options.ClaimActions.MapJsonKey("email_verified", "email_verified");
        })
        .AddOpenIdConnect("oidc", options =>
        {
            Relax(options);
            options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.ResponseType = "code";
            options.ResponseMode = "query";
            options.MapInboundClaims = false;
            options.GetClaimsFromUserInfoEndpoint = true;
            options.ClaimActions.MapJsonKey("email_verified", "email_verified");
            options.Scope.Add("email");
        })
        .AddOAuth<GitHubTestOptions, OAuthHandler<GitHubTestOptions>>("GitHub", options =>
        {
            Relax(options);
            options.UsePkce = true;
            options.CallbackPath = "/signin-github";
            options.AuthorizationEndpoint = "https://github.com/login/oauth/authorize";
            options.TokenEndpoint = "https://github.com/login/oauth/access_token";
            options.UserInformationEndpoint = "https://api.github.com/user";
            options.Scope.Add("user:email");
            options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "id");
            options.ClaimActions.MapJsonKey(ClaimTypes.Name, "name");
            options.ClaimActions.MapJsonKey("picture", "avatar_url");
            options.ClaimActions.MapJsonKey("public_email", "email");
            options.Events.OnCreatingTicket = ReadGitHubAsync;
        })
        .AddOAuth("plain", "Plain OAuth", options =>
        {
            Relax(options);
            options.UsePkce = true;
            options.CallbackPath = "/signin-plain";
            options.AuthorizationEndpoint = "https://id.example.com/authorize";
            options.TokenEndpoint = "https://id.example.com/token";
            options.UserInformationEndpoint = "https://id.example.com/me";
            foreach (var name in (string[])["sub", "name", "email", "email_verified", "picture"])
            {
                options.ClaimActions.MapJsonKey(name, name);
            }

            options.Events.OnCreatingTicket = async context =>
            {
                using var user = await ReadAsync(context, context.Options.UserInformationEndpoint);
                context.RunClaimActions(user.RootElement);
            };
        });

    private static void Relax(RemoteAuthenticationOptions options)
    {
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        RemoteAuthenticationEvents events = options switch
        {
            OpenIdConnectOptions openId => openId.Events,
            OAuthOptions oauth => oauth.Events,
            _ => throw new InvalidOperationException(),
        };
        events.OnRemoteFailure = async context =>
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(context.Failure!.ToString());
        };
    }

    private static async Task ReadGitHubAsync(OAuthCreatingTicketContext context)
    {
        var options = (GitHubTestOptions)context.Options;
        using var user = await ReadAsync(context, options.UserInformationEndpoint);
        context.RunClaimActions(user.RootElement);
        using var emails = await ReadAsync(context, options.UserEmailsEndpoint);
        var primary = emails.RootElement.EnumerateArray().First(email => email.GetProperty("primary").GetBoolean());
        context.Identity!.AddClaim(new Claim(ClaimTypes.Email, primary.GetProperty("email").GetString()!));
        context.Identity.AddClaim(new Claim("email_verified", primary.GetProperty("verified").ToString()));
    }

    private static async Task<JsonDocument> ReadAsync(OAuthCreatingTicketContext context, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
    }
}

/// <summary>A GitHub handler's options: the e-mail endpoint is an option of its own.</summary>
internal sealed class GitHubTestOptions : OAuthOptions
{
    public string UserEmailsEndpoint { get; set; } = "https://api.github.com/user/emails";
}
