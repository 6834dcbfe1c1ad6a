using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Configuration;

/// <summary>A set-up that cannot work does not start, and says what to do.</summary>
public sealed class SetupErrorTests
{
    [Theory]
    [InlineData("AUTH_SECRET", null, "Set AUTH_SECRET")]
    [InlineData("AUTH_SECRET", "short", "openssl rand")]
    [InlineData("AUTH_SECRET_1", "short", "openssl rand")]
    [InlineData("AUTH_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "fewer than 8 different characters")]
    [InlineData("AUTH_SECRET_1", "abcdefgabcdefgabcdefgabcdefgabcdefgabcdefg", "fewer than 8 different characters")]
    [InlineData("AUTH_URL", "http://app.example", "AUTH_ALLOW_HTTP=true")]
    [InlineData("AUTH_URL", "http://10.0.0.5:8080", "AUTH_ALLOW_HTTP=true")]
    [InlineData("AUTH_ALLOWED_ORIGINS", "http://front.example", "AUTH_ALLOW_HTTP=true")]
    [InlineData("AUTH_ALLOW_HTTP", "perhaps", "AUTH_ALLOW_HTTP is neither true nor false")]
    [InlineData("AUTH_SHARE_WITH_AUTHJS", "perhaps", "AUTH_SHARE_WITH_AUTHJS is neither true nor false")]
    [InlineData("AUTH_RATE_LIMIT_PERMIT_LIMIT", "many", "AUTH_RATE_LIMIT_PERMIT_LIMIT is not a whole number")]
    [InlineData("AUTH_RATE_LIMIT_PERMIT_LIMIT", "-1", "PermitLimit")]
    [InlineData("AUTH_RATE_LIMIT_WINDOW", "soon", "AUTH_RATE_LIMIT_WINDOW is not a duration")]
    [InlineData("AUTH_URL", "nonsense", "AUTH_URL is not an address")]
    [InlineData("AUTH_URL", "ftp://app.example", "AUTH_URL must be an http or https address")]
    [InlineData("AUTH_URL", "https://app.example/?x=1", "without user name, query or fragment")]
    [InlineData("AUTH_URL", "https://user@app.example/", "without user name, query or fragment")]
    [InlineData("AUTH_URL", null, "AUTH_TRUST_HOST=true")]
    [InlineData("AUTH_TRUST_HOST", "yes", "AUTH_TRUST_HOST is neither true nor false")]
    [InlineData("AUTH_KNOWN_PROXIES", "10.0.0.5, proxy", "'proxy' in AUTH_KNOWN_PROXIES")]
    [InlineData("AUTH_KNOWN_PROXIES", "0.0.0.0/0", "names everybody")]
    [InlineData("AUTH_KNOWN_PROXIES", "10.0.0.5, ::/0", "'::/0' in AUTH_KNOWN_PROXIES names everybody")]
    [InlineData("AUTH_KNOWN_PROXIES", "::ffff:0:0/96", "names everybody")]
    [InlineData("AUTH_URL", "https://app.example//shop", "two slashes in a row")]
    [InlineData("AUTH_URL", "https://app.example/\\shop", "two slashes in a row")]
    [InlineData("AUTH_SESSION_FRESH_PROVIDERS", ",", "AUTH_SESSION_FRESH_PROVIDERS is set, but names nothing")]
    [InlineData("AUTH_GOOGLE_TENANTS", "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a", "'google' is no OpenID Connect provider")]
    [InlineData("AUTH_ALLOWED_ORIGINS", "https://*.example.com", "wildcard")]
    [InlineData("AUTH_ALLOWED_ORIGINS", "https://app.example/path", "Use https://app.example.")]
    [InlineData("AUTH_ALLOWED_ORIGINS", "app.example", "is not an origin")]
    [InlineData("AUTH_STORE", "mysql:x", "AUTH_STORE is not valid")]
    [InlineData("AUTH_GOOGLE_ID", "only-the-id", "Set AUTH_GOOGLE_SECRET too")]
    [InlineData("AUTH_GOOGLE_TOKEN_ENDPOINT", "http://provider.example/token", "Set AUTH_GOOGLE_TOKEN_ENDPOINT to an https address")]
    [InlineData("AUTH_GOOGLE_USERINFO_ENDPOINT", "nonsense", "Set AUTH_GOOGLE_USERINFO_ENDPOINT to an https address")]
    [InlineData("AUTH_OIDC_ISSUER", "http://provider.example", "Set AUTH_OIDC_ISSUER to an https address")]
    public Task ASettingIsNamedWithItsRemedy(string name, string? value, string remedy) => AssertRefusedAsync(remedy, setup =>
    {
        if (name is "AUTH_GOOGLE_ID")
        {
            setup.Settings.Remove("AUTH_GOOGLE_SECRET");
        }

        (setup.Settings["AUTH_OIDC_ID"], setup.Settings["AUTH_OIDC_SECRET"]) = ("id", "secret");
        setup.Settings[name] = value;
    });

    // Whoever writes one wants to keep people out.
    [Theory]
    [InlineData("AUTH_OIDC_TENANTS", ",", "AUTH_OIDC_TENANTS is set, but names nothing")]
    [InlineData("AUTH_OIDC_TENANTS", "\"\"", "AUTH_OIDC_TENANTS is set, but names nothing")]
    [InlineData("Auth:Oidc:Tenants:0", " ", "Auth:oidc:Tenants is set, but names nothing")]
    [InlineData("Auth:Oidc:Tenants", "", "Auth:oidc:Tenants is set, but names nothing")]
    [InlineData("AUTH_OIDC_TENANT", "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a", "what is read is AUTH_OIDC_TENANTS")]
    [InlineData("AUTH_PASSWORD_TENANTS", "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a", "'password' is no OpenID Connect provider")]
    public Task AListOfTenantsThatWouldLetEverybodyInIsNamedWithItsRemedy(string name, string value, string remedy) => AssertRefusedAsync(remedy, setup =>
    {
        setup.Providers = builder => builder.AddGoogle().AddOpenIdConnect("oidc", _ => { })
            .AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Refuse()));
        (setup.Settings["AUTH_OIDC_ID"], setup.Settings["AUTH_OIDC_SECRET"], setup.Settings["AUTH_OIDC_ISSUER"]) = ("id", "secret", "https://id.example");
        setup.Settings[name] = value;
    });

    public static TheoryData<string> Mistakes =>
        ["idle", "absolute", "update-age", "reconcile", "reconcile-too-late", "too-few", "window", "permits", "prefix", "empty-prefix", "strict", "none-over-http", "fresh", "picture-host", "page", "page-of-another-host"];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public Task AnOptionIsNamedWithItsRemedy(string mistake)
    {
        (Action<AuthOptions> Make, string Remedy) made = mistake switch
        {
            "idle" => (options => options.Session.IdleLifetime = TimeSpan.Zero, "IdleLifetime must be greater than zero"),
            "absolute" => (options => options.Session.AbsoluteLifetime = TimeSpan.FromDays(1), "not greater than AbsoluteLifetime"),
            "update-age" => (options => options.Session.UpdateAge = TimeSpan.FromDays(30), "UpdateAge must be less than IdleLifetime"),
            "reconcile" => (options => options.Session.ReconcileInterval = TimeSpan.Zero, "ReconcileInterval"),
            "reconcile-too-late" => (options => options.Session.ReconcileInterval = TimeSpan.FromDays(2), "must not be longer than a day"),
            "too-few" => (options => options.Session.MostPerUser = -1, "MostPerUser must be zero"),
            "window" => (options => options.RateLimit.Window = TimeSpan.Zero, "RateLimit.Window"),
            "permits" => (options => options.RateLimit.PermitLimit = -1, "RateLimit.PermitLimit"),
            "prefix" => (options => options.Cookies.Prefix = "a b", "Cookies.Prefix may only contain letters"),
            "empty-prefix" => (options => options.Cookies.Prefix = "", "Cookies.Prefix may only contain letters"),
            "picture-host" => (options => options.Pages.PictureHosts.Add("https://pictures.example; script-src *"), "is not the origin of pictures"),
            "fresh" => (options => options.Session.FreshFor = TimeSpan.Zero, "FreshFor"),
            "strict" => (options => options.Cookies.SameSite = SameSiteMode.Strict, "must be Lax or None"),
            "none-over-http" => (options => (options.Url, options.Cookies.SameSite) = (new Uri("http://app.example"), SameSiteMode.None), "Set AUTH_URL to an https address"),
            "page" => (options => options.Pages.SignIn = "welcome", "Start it with a single slash"),
            "page-of-another-host" => (options => options.Pages.Error = "//evil.example", "Start it with a single slash"),
            _ => throw new ArgumentOutOfRangeException(nameof(mistake)),
        };
        return AssertRefusedAsync(made.Remedy, setup => setup.Options = made.Make);
    }

    [Fact]
    public Task TwoSchemesWithOneIdAreRefused() => AssertRefusedAsync("Rename one of them", setup => setup.Providers = builder => builder
        .AddOAuth("Acme", new FakeProvider().UseFor).AddOAuth("acme", new FakeProvider().UseFor));

    [Fact]
    public Task AnEventsTypeWouldBypassTheGate() => AssertRefusedAsync("Set Events", setup => setup.Providers = builder => builder.AddOAuth("acme", options =>
    {
        new FakeProvider().UseFor(options);
        options.EventsType = typeof(OAuthEvents);
    }));

    [Fact]
    public void MappingWithoutAddingNamesTheCall()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        Assert.Contains("AddBlazorAuth", Assert.Throws<AuthSetupException>(() => app.MapBlazorAuth()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddingTwiceIsHarmless()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.Services.AddBlazorAuth().AddGoogle());
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
    }

    [Fact]
    public async Task PlainHttpIsFineOnThisMachine()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            MakeRight(setup);
            setup.Settings["AUTH_GOOGLE_TOKEN_ENDPOINT"] = "http://127.0.0.1:1/token";
        });
        Assert.Equal("google", Assert.Single(await app.Services.GetRequiredService<AuthProviderRegistry>().ListAsync()).Id);
    }

    [Fact]
    public async Task PlainHttpIsFineWhereItIsAllowedAndTheLogSaysSo()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            MakeRight(setup);
            (setup.Settings["AUTH_URL"], setup.Settings["AUTH_ALLOWED_ORIGINS"], setup.Settings["AUTH_ALLOW_HTTP"]) = ("http://intranet", "http://front.intranet,http://localhost:5173", "true");
        });
        var warned = app.Logs.Own.Where(line => line.Event.Name == "PlainHttpAllowed").Select(line => line.Text).ToList();
        Assert.Equal(2, warned.Count);
        Assert.Contains(warned, text => text.Contains("http://intranet ", StringComparison.Ordinal));
        Assert.Contains(warned, text => text.Contains("http://front.intranet", StringComparison.Ordinal));
    }

    // A known proxy passes on what the client wrote as Host: it may not decide where people are sent.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("app.example;*")]
    public Task BehindKnownProxiesTheHostsMustBeNamed(string? allowed) => AssertRefusedAsync("AllowedHosts", setup =>
    {
        setup.Settings.Remove("AUTH_URL");
        (setup.Settings["AUTH_KNOWN_PROXIES"], setup.Settings["AllowedHosts"]) = ("10.0.0.5", allowed);
    });

    private static async Task AssertRefusedAsync(string remedy, Action<AuthAppSetup> makeMistake)
    {
        // Without the mistake it starts, so it is the mistake that is told.
        await using (await AuthApp.StartAsync(MakeRight))
        {
        }

        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            MakeRight(setup);
            makeMistake(setup);
        }));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AuthApp.Secret, error.Message, StringComparison.Ordinal);
        Assert.Equal($"BlazorAuth cannot start.{Environment.NewLine}{error.Message}", error.ToString());
    }

    private static void MakeRight(AuthAppSetup setup)
    {
        setup.Environment = "Production";
        setup.StandIns = false;
        setup.Providers = builder => builder.AddGoogle();
        setup.Settings["AUTH_URL"] = "https://app.example";
        (setup.Settings["AUTH_GOOGLE_ID"], setup.Settings["AUTH_GOOGLE_SECRET"]) = ("id", "secret");
    }
}
