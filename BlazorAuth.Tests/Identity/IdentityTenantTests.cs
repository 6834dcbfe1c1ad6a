using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>A scheme that speaks for many tenants, in an app whose users are Identity's.</summary>
public sealed class IdentityTenantTests
{
    private const string One = "3f5b0c52-6a0f-4d9b-9a6e-0a6f4d1c2b3a";
    private const string Other = "9188040d-6c67-4c5b-b112-36a304b66dad";

    [Fact]
    public async Task PeopleOfTwoTenantsWithTheSameSubjectAreTwo()
    {
        var fake = new OpenIdFake();
        fake.Discovery["issuer"] = "https://id.example/{tenantid}/v2.0";
        await using var app = await IdentityApp.StartWithTenantsAsync(fake);
        var ids = new List<string>();
        foreach (var tenant in (string[])[One, Other, One])
        {
            Of(fake, tenant);
            using var browser = app.App.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
            ids.Add(await browser.UserIdAsync());
        }

        Assert.Equal((ids[0], 2), (ids[2], ids.Distinct().Count()));
        await app.UsersAsync(async users =>
        {
            var login = Assert.Single(await users.GetLoginsAsync((await users.FindByIdAsync(ids[0]))!));
            Assert.Equal(("tenants", $"https://id.example/{One}/v2.0 42"), (login.LoginProvider, login.ProviderKey));
        });
    }

    [Fact]
    public async Task NorAreTheyOneOnIdentitysPages()
    {
        var fake = new OpenIdFake();
        fake.Discovery["issuer"] = "https://id.example/{tenantid}/v2.0";
        await using var app = await IdentityApp.StartWithTenantsAsync(fake);
        foreach (var tenant in (string[])[One, Other])
        {
            Of(fake, tenant);
            using var browser = app.App.CreateBrowser();
            var page = await browser.OpenAsync("/external?provider=tenants");
            page = await browser.ArriveAsync(fake.Answer(page.Location!));
            Assert.Equal($"tenants https://id.example/{tenant}/v2.0 42 ", page.Text);
        }
    }

    [Fact]
    public async Task ALoginOfAnOrdinaryProviderKeepsItsKey()
    {
        var fake = new OpenIdFake();
        await using var app = await IdentityApp.StartWithTenantsAsync(fake);
        var ada = await app.CreateAsync("countess@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("tenants", "42", "Tenants")));
        using var browser = app.App.CreateBrowser();
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
        Assert.Equal(ada.Id, await browser.UserIdAsync());
    }

    public static TheoryData<string> WaysToAcceptSeveral => ["list", "validator", "any"];

    [Theory]
    [MemberData(nameof(WaysToAcceptSeveral))]
    public async Task PeopleOfTwoIssuersThatTheAppsCodeAcceptsAreTwo(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await IdentityApp.StartWithTenantsAsync(fake, options => Accept(options, way));
        var ids = new List<string>();
        foreach (var issuer in (string[])["https://id.example/one", "https://id.example/two", "https://id.example/one"])
        {
            fake.Issuer = issuer;
            using var browser = app.App.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
            ids.Add(await browser.UserIdAsync());
            using var other = app.App.CreateBrowser();
            var page = await other.OpenAsync("/external?provider=tenants");
            Assert.StartsWith($"tenants {issuer} 42 ", (await other.ArriveAsync(fake.Answer(page.Location!))).Text, StringComparison.Ordinal);
        }

        Assert.Equal((ids[0], 2), (ids[2], ids.Distinct().Count()));
    }

    [Theory]
    [MemberData(nameof(WaysToAcceptSeveral))]
    public async Task ALoginWithoutAnIssuerIsNobodysWhereSeveralAreAccepted(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await IdentityApp.StartWithTenantsAsync(fake, options => Accept(options, way));
        var ada = await app.CreateAsync("countess@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("tenants", "42", "Tenants")));
        foreach (var issuer in (string[])["https://id.example", "https://id.example/two"])
        {
            fake.Issuer = issuer;
            using var browser = app.App.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
            Assert.NotEqual(ada.Id, await browser.UserIdAsync());
        }
    }

    [Fact]
    public async Task OneIssuerThatTheAppsCodeNamesTooIsStillOne()
    {
        var fake = new OpenIdFake();
        await using var app = await IdentityApp.StartWithTenantsAsync(fake, options => options.TokenValidationParameters.ValidIssuers = ["https://id.example"]);
        var ada = await app.CreateAsync("countess@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("tenants", "42", "Tenants")));
        using var browser = app.App.CreateBrowser();
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
        Assert.Equal(ada.Id, await browser.UserIdAsync());
    }

    private static void Accept(OpenIdConnectOptions options, string way)
    {
        var rules = options.TokenValidationParameters;
        switch (way)
        {
            case "list":
                rules.ValidIssuers = ["https://id.example/one", "https://id.example/two"];
                break;
            case "validator":
                rules.IssuerValidator = (issuer, _, _) => issuer;
                break;
            default:
                rules.ValidateIssuer = false;
                break;
        }
    }

    private static void Of(OpenIdFake fake, string tenant)
    {
        fake.Issuer = $"https://id.example/{tenant}/v2.0";
        fake.ChangeToken = claims => claims["tid"] = tenant;
    }
}
