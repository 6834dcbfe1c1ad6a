using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>Who signed the id token says whose a subject is, whatever the app's options or code make of the claims.</summary>
public sealed class SubjectIssuerTests
{
    [Theory]
    [InlineData("mapped")]
    [InlineData("rebuilt")]
    [InlineData("plain")]
    public async Task PeopleOfTwoIssuersAreTwoUsersOfIdentity(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake, options => Set(options, way));
        var ids = new List<string>();
        foreach (var issuer in (string[])["https://one.example", "https://two.example"])
        {
            fake.Issuer = issuer;
            using var browser = app.App.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("tenants")).Location!));
            ids.Add(await browser.UserIdAsync());
        }

        Assert.Equal(2, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("mapped")]
    [InlineData("rebuilt")]
    [InlineData("plain")]
    public async Task AndTwoUsersWithoutIt(string way)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => Set(options, way));
        var ids = new List<string>();
        foreach (var issuer in (string[])["https://one.example", "https://two.example"])
        {
            fake.Issuer = issuer;
            using var browser = app.CreateBrowser();
            await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!));
            ids.Add(await browser.UserIdAsync());
        }

        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task SoAreThoseOfTwoProviders()
    {
        var (one, two) = (new OpenIdFake { Issuer = "https://one.example" }, new OpenIdFake { Issuer = "https://two.example" });
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
        var ids = new List<string>();
        foreach (var (provider, fake) in ((string, OpenIdFake)[])[("work", one), ("other", two)])
        {
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
        options.TokenValidationParameters.ValidIssuers = ["https://one.example", "https://two.example"];
        if (way == "mapped")
        {
            // ASP.NET Core's own default.
            options.MapInboundClaims = true;
        }
        else if (way == "rebuilt")
        {
            options.Events.OnTokenValidated = context =>
            {
                var old = context.Principal!;
                context.Principal = new ClaimsPrincipal(new ClaimsIdentity(old.Claims.Select(claim => new Claim(claim.Type, claim.Value)), "work", "name", "roles"));
                return Task.CompletedTask;
            };
        }
    }

    private static Task<IdentityApp> StartAsync(OpenIdFake fake, Action<OpenIdConnectOptions>? configure = null) => IdentityApp.StartAsync(setup =>
    {
        var (services, providers) = (setup.Services, setup.Providers);
        setup.Services = all =>
        {
            services?.Invoke(all);
            all.Configure<IdentityOptions>(options => options.SignIn.RequireConfirmedAccount = false);
        };
        setup.Settings["AUTH_TENANTS_ISSUER"] = "https://id.example";
        setup.Settings["AUTH_TENANTS_ID"] = "client";
        setup.Settings["AUTH_TENANTS_SECRET"] = OpenIdFake.Secret;
        setup.Providers = builder =>
        {
            providers(builder);
            builder.AddOpenIdConnect("tenants", "Tenants", options =>
            {
                options.BackchannelHttpHandler = fake;
                configure?.Invoke(options);
            });
        };
    });
}
