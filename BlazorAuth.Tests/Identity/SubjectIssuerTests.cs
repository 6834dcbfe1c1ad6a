using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Tests.Identity;

/// <summary>Who signed the id token says whose a subject is, whatever the app's options or code make of the claims.</summary>
public sealed class SubjectIssuerTests
{
    private const string One = "https://one.example";
    private const string Two = "https://two.example";

    [Theory]
    [InlineData("mapped")]
    [InlineData("rebuilt")]
    [InlineData("plain")]
    public async Task PeopleOfTwoIssuersAreTwoUsersOfIdentity(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await IdentityApp.StartWithTenantsAsync(fake, options => Set(options, way));
        await AreTwoAsync(app.App, ("tenants", fake, One), ("tenants", fake, Two));
    }

    [Theory]
    [InlineData("mapped")]
    [InlineData("rebuilt")]
    [InlineData("plain")]
    public async Task AndTwoUsersWithoutIt(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => Set(options, way));
        await AreTwoAsync(app, ("work", fake, One), ("work", fake, Two));
    }

    [Fact]
    public async Task SoAreThoseOfTwoProviders()
    {
        var (one, two) = (new OpenIdFake { Issuer = One }, new OpenIdFake { Issuer = Two });
        foreach (var fake in (OpenIdFake[])[one, two])
        {
            foreach (var (name, path) in ((string, string)[])[("issuer", ""), ("authorization_endpoint", "/authorize"), ("token_endpoint", "/token"), ("userinfo_endpoint", "/userinfo"), ("jwks_uri", "/keys")])
            {
                fake.Discovery[name] = fake.Issuer + path;
            }
        }

        await using var app = await one.StartAsync(
            setup =>
            {
                var providers = setup.Providers;
                setup.Settings["AUTH_OTHER_ISSUER"] = two.Issuer;
                setup.Settings["AUTH_OTHER_ID"] = "client";
                setup.Settings["AUTH_OTHER_SECRET"] = OpenIdFake.Secret;
                setup.Providers = builder =>
                {
                    providers(builder);
                    builder.AddOpenIdConnect("other", "Other", options =>
                    {
                        options.BackchannelHttpHandler = two;
                        Rebuild(options);
                    });
                };
            },
            Rebuild);
        await AreTwoAsync(app, ("work", one, One), ("other", two, Two));
    }

    private static async Task AreTwoAsync(AuthApp app, params (string Provider, OpenIdFake Fake, string Issuer)[] signIns)
    {
        var ids = new List<string>();
        foreach (var (provider, fake, issuer) in signIns)
        {
            fake.Issuer = issuer;
            using var browser = app.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync(provider)).Location!));
            ids.Add(await browser.UserIdAsync());
        }

        Assert.Equal(2, ids.Distinct().Count());
    }

    private static void Rebuild(OpenIdConnectOptions options) => options.Events.OnTokenValidated = context =>
    {
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(context.Principal!.Claims.Select(claim => new Claim(claim.Type, claim.Value)), "work", "name", "roles"));
        return Task.CompletedTask;
    };

    private static void Set(OpenIdConnectOptions options, string way)
    {
        options.TokenValidationParameters.ValidIssuers = [One, Two];
        if (way == "mapped")
        {
            // ASP.NET Core's own default.
            options.MapInboundClaims = true;
        }
        else if (way == "rebuilt")
        {
            Rebuild(options);
        }
    }
}
