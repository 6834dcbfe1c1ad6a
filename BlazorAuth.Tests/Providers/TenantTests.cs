using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>A provider that speaks for many tenants at one address, as Microsoft Entra's <c>common</c> does.</summary>
public sealed class TenantTests
{
    private const string One = "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a";
    private const string Other = "9188040d-6c67-4c5b-b112-36a304b66dad";

    [Fact]
    public async Task ATokenOfItsTenantSignsInAndTheTenantsPersonIsAnotherThanTheNeighbours()
    {
        var fake = Tenants(One);
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        Assert.Equal("Ada Lovelace", (await Of(fake, Other).SignInAsync(app)).Text);
        foreach (var tenant in (string[])[One, Other])
        {
            var id = AccountRecord.DefaultUserIdOf($"https://id.example/{tenant}/v2.0", "42");
            Assert.Single(await app.Sessions.ListAsync(id, TestContext.Current.CancellationToken));
        }

        Assert.Single(app.Logs.Own, line => line.Event.Id == 310 && line.Text.Contains("AUTH_WORK_TENANTS", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Forged => new()
    {
        { $"https://id.example/{Other}/v2.0", One },
        { "https://id.example/{tenantid}/v2.0", One },
        { $"https://evil.example/{One}/v2.0", One },
        { $"https://id.example/{One}/v2.0/extra", One },
        { "https://id.example//v2.0", "" },
        { "https://id.example/a/b/v2.0", "a/b" },
        { $"https://id.example/{One}/v1.0", One },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task AnIssuerThatIsNotTheTenantsIsRefused(string issuer, string tenant)
    {
        var fake = Tenants(One);
        fake.ChangeToken = claims => (claims["iss"], claims["tid"]) = (issuer, tenant);
        await AssertRefusedAsync(fake);
    }

    [Fact]
    public async Task ATokenWithoutATenantIsRefused()
    {
        var fake = Tenants(One);
        fake.ChangeToken += claims => claims.Remove("tid");
        await AssertRefusedAsync(fake);
    }

    [Theory]
    [InlineData(One, true)]
    [InlineData($" {Other} , {One}", true)]
    [InlineData(Other, false)]
    public async Task OnlyTenantsOfTheListSignIn(string list, bool isAllowed)
    {
        var fake = Tenants(One);
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_TENANTS"] = list);
        var page = await fake.SignInAsync(app);
        Assert.Equal(isAllowed, page.Text == "Ada Lovelace");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 310);
        if (!isAllowed)
        {
            Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("AUTH_WORK_TENANTS", StringComparison.Ordinal));
        }
    }

    // A provider with one issuer for all, or for one organization of many.
    [Theory]
    [InlineData(One, true)]
    [InlineData(Other, false)]
    [InlineData(null, false)]
    public async Task TheListCountsWhereTheIssuerIsTheSameForAll(string? tenant, bool isAllowed)
    {
        var fake = new OpenIdFake();
        fake.Claims["tid"] = tenant;
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_TENANTS"] = One);

        var page = await fake.SignInAsync(app);

        Assert.Equal(isAllowed, page.Text == "Ada Lovelace");
        Assert.Equal(isAllowed ? null : "ProviderAnswer", page.Query("reason"));
        Assert.Equal(!isAllowed, app.Logs.Own.Any(line => line.Event.Id == 302 && line.Text.Contains("AUTH_WORK_TENANTS", StringComparison.Ordinal)));
    }

    // One that reads ids under the platform's long names.
    [Theory]
    [InlineData(One, true)]
    [InlineData(Other, false)]
    public async Task TheListCountsForTheTokensOfAnAppsOwnHandler(string tenant, bool isAllowed)
    {
        var fake = new OpenIdFake();
        fake.Claims["tid"] = tenant;
        await using var app = await fake.StartAsync(setup => setup.Settings["AUTH_WORK_TENANTS"] = One, options => options.TokenHandler = new JsonWebTokenHandler { MapInboundClaims = true });
        Assert.Equal(isAllowed, (await fake.SignInAsync(app)).Text == "Ada Lovelace");
    }

    [Theory]
    [InlineData("Auth:Work:Tenants:0", One, true)]
    [InlineData("Auth:Work:Tenants:0", Other, false)]
    [InlineData("AUTH_WORK_TENANTS:0", One, true)]
    [InlineData("AUTH_WORK_TENANTS:0", Other, false)]
    public async Task TheListMayBeAnArray(string name, string tenant, bool isAllowed)
    {
        var fake = Tenants(tenant);
        await using var app = await fake.StartAsync(setup => setup.Settings[name] = One);
        Assert.Equal(isAllowed, (await fake.SignInAsync(app)).Text == "Ada Lovelace");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id is 620 or 621);
    }

    [Fact]
    public async Task ASchemeThatComesLaterAndHasNoTenantsIsRefused()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Settings["AUTH_LATER_TENANTS"] = One;
            setup.Services = services => services.Configure<OAuthOptions>("later", fake.UseForPlainOAuth);
        });
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().AddScheme(new AuthenticationScheme("later", "Later", typeof(OAuthHandler<OAuthOptions>)));
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, "acme")).Text);
        Assert.Null(await app.Services.GetRequiredService<AuthProviderRegistry>().FindAsync("later"));
        Assert.Null((await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers")).Json!["later"]);
        Assert.Contains("AUTH_LATER_TENANTS is set, but 'later' is no OpenID Connect provider", Assert.Single(app.Logs.Own, line => line.Event.Id == 320).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASigningKeyOfOneTenantSignsForNoOther()
    {
        var second = Tenants(One);
        second.KeyIssuer = $"https://id.example/{Other}/v2.0";
        await AssertRefusedAsync(second);
        second = Tenants(One);
        second.KeyIssuer = "https://id.example/{tenantid}/v2.0";
        await using var again = await second.StartAsync();
        Assert.Equal("Ada Lovelace", (await second.SignInAsync(again)).Text);
    }

    [Fact]
    public async Task AnAddressThatATenantWroteCountsAsUnverified()
    {
        var fake = Tenants(One);
        fake.Claims["email"] = "ceo@victim.example";
        fake.Claims["email_verified"] = true;
        SessionUser? user = null;
        await using var app = await fake.StartAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
        {
            user = context.User;
            return ValueTask.FromResult(SignInDecision.Allow);
        });
        await fake.SignInAsync(app);
        Assert.Equal(("ceo@victim.example", false), (user!.Email, user.EmailVerified));
    }

    [Theory]
    [InlineData($"https://id.example/{One}/v2.0", true)]
    [InlineData("https://id.example/{tenantid}/v2.0", false)]
    [InlineData("https://evil.example/x/v2.0", false)]
    public async Task TheAnswersIssuerFitsTheTemplate(string issuer, bool fits)
    {
        var fake = Tenants(One);
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!, ("iss", issuer)));
        Assert.Equal(fits ? null : "IssuerMismatch", page.Query("reason"));
        Assert.Equal(fits, fake.Count("/token") == 1);
    }

    private static OpenIdFake Tenants(string tenant)
    {
        var fake = new OpenIdFake { Issuer = "https://id.example/common/v2.0" };
        fake.Discovery["issuer"] = "https://id.example/{tenantid}/v2.0";
        return Of(fake, tenant);
    }

    private static OpenIdFake Of(OpenIdFake fake, string tenant)
    {
        fake.ChangeToken = claims => (claims["iss"], claims["tid"]) = ($"https://id.example/{tenant}/v2.0", tenant);
        return fake;
    }

    private static async Task AssertRefusedAsync(OpenIdFake fake)
    {
        await using var app = await fake.StartAsync();
        Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
    }
}
