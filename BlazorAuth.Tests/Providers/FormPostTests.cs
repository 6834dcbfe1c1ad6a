using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Providers;

/// <summary>Providers that answer with a form which the browser posts across sites, to which it sends no Lax cookies.</summary>
public sealed class FormPostTests
{
    [Theory]
    [InlineData("mode-in-endpoint", "None")]
    [InlineData("mode-in-event", "None")]
    [InlineData("option", "None")]
    [InlineData("query", "Lax")]
    [InlineData("ticket", "None")]
    public async Task TheCookiesOfSuchASignInComeBack(string kind, string sameSite)
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, kind, "https://localhost");
        using var browser = app.CreateBrowser();
        var start = await browser.PostAsync("/api/auth/signin/acme", [new("callbackUrl", "/page?long=" + new string('a', 600))]);
        foreach (var kindOfCookie in (string[])[".Correlation.", ".return."])
        {
            var cookie = Assert.Single(start.SetCookies, cookie => cookie.Contains(kindOfCookie, StringComparison.Ordinal));
            Assert.Contains($"samesite={sameSite}", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        }

        if (sameSite == "None")
        {
            var back = kind == "ticket" ? new Uri(app.Address, "/api/auth/callback/acme?ticket=" + Uri.EscapeDataString(Page.Query(start.Location!, "ticket")!)) : fake.Answer(start.Location!);
            var answer = await browser.PostAnswerAsync(back);
            Assert.StartsWith("/page?long=aaa", answer.Location!.PathAndQuery, StringComparison.Ordinal);
            Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OverHttpTheLogSaysWhyItCannotWork()
    {
        var fake = new FakeProvider();
        await using var app = await StartAsync(fake, "option", "http://app.example", setup => setup.Settings["AUTH_URL"] = "http://app.example");
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 622 && line.Text.Contains("AUTH_URL", StringComparison.Ordinal));
        using var browser = app.CreateBrowser();
        var start = await browser.PostAsync("/api/auth/signin/acme", []);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 317);
        var failed = (await browser.PostAnswerAsync(fake.Answer(start.Location!))).Location!;
        Assert.Contains("reason=CookieLost", failed.Query, StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 312 && line.Text.Contains("cross-site form post", StringComparison.Ordinal));
    }

    private static Task<AuthApp> StartAsync(FakeProvider fake, string kind, string address, Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Address = new Uri(address);
        setup.Options = options =>
        {
            if (kind == "option")
            {
                options.Providers.FormPost.Add("Acme");
            }
        };
        setup.Providers = builder => _ = kind == "ticket"
            ? builder.AddRemoteScheme<TicketOptions, TicketHandler>("acme", "Acme", options => options.Address = FakeProvider.Issuer + "/authorize")
            : builder.AddOAuth<OAuthOptions, PostedHandler>("acme", "Acme", options =>
            {
                fake.UseForPlainOAuth(options);
                options.AuthorizationEndpoint += kind == "mode-in-endpoint" ? "?response_mode=form_post" : "";
                if (kind == "mode-in-event")
                {
                    options.Events.OnRedirectToAuthorizationEndpoint = context =>
                    {
                        context.Response.Redirect(context.RedirectUri + "&response_mode=form_post");
                        return Task.CompletedTask;
                    };
                }
            });
        more?.Invoke(setup);
    });

    /// <summary>Reads what was posted as if it were in the query, as handlers of such providers do.</summary>
    private sealed class PostedHandler(IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder) : OAuthHandler<OAuthOptions>(options, loggers, encoder)
    {
        protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
        {
            if (HttpMethods.IsPost(Request.Method))
            {
                Request.Query = new QueryCollection((await Request.ReadFormAsync(Context.RequestAborted)).ToDictionary(pair => pair.Key, pair => pair.Value));
            }

            return await base.HandleRemoteAuthenticateAsync();
        }
    }

    private sealed class TicketOptions : RemoteAuthenticationOptions
    {
        public string Address { get; set; } = "";
    }

    /// <summary>A protocol that is neither OAuth nor OpenID Connect, and whose answer is a form: WS-Federation, SAML.</summary>
    private sealed class TicketHandler(IOptionsMonitor<TicketOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IDataProtectionProvider protection)
        : RemoteAuthenticationHandler<TicketOptions>(options, loggers, encoder)
    {
        private PropertiesDataFormat Format => new(protection.CreateProtector("ticket"));

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            GenerateCorrelationId(properties);
            Response.Redirect($"{Options.Address}?ticket={Uri.EscapeDataString(Format.Protect(properties))}");
            return Task.CompletedTask;
        }

        protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
        {
            var properties = Format.Unprotect((await Request.ReadFormAsync(Context.RequestAborted))["ticket"])!;
            return ValidateCorrelationId(properties)
                ? HandleRequestResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "42"), new Claim(ClaimTypes.Name, "Ada")], Scheme.Name)), properties, Scheme.Name))
                : HandleRequestResult.Fail("Correlation failed.", properties);
        }
    }
}
