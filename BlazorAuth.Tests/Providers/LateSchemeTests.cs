using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Providers;

/// <summary>A scheme that comes while the app runs is held to what one at the start is, and takes no other along.</summary>
public sealed class LateSchemeTests
{
    [Theory]
    [InlineData("http://id.customer.example")]
    [InlineData("id.customer.example")]
    public async Task OneWhoseAddressIsWrongTakesNoOtherAlong(string authority)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Settings["AUTH_URL"] = "https://app.example";
            setup.Services = services => services.Configure<OpenIdConnectOptions>("later", options =>
                (options.Authority, options.ClientId, options.ClientSecret) = (authority, "client", FakeProvider.ClientSecret));
        });
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().AddScheme(new AuthenticationScheme("later", "Later", typeof(OpenIdConnectHandler)));
        using var browser = app.CreateBrowser();
        var page = await browser.FetchAsync(HttpMethod.Get, "/api/auth/providers");
        Assert.True((int)page.Status == 200, $"{page.Status}: {page.Text}");
        Assert.NotNull(page.Json!["acme"]);
        Assert.Null(page.Json!["later"]);
    }

    [Fact]
    public async Task OneThatSendsItsSecretInTheClearIsNotOffered()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Settings["AUTH_URL"] = "https://app.example";
            setup.Services = services => services.Configure<OAuthOptions>("later", options =>
            {
                fake.UseForPlainOAuth(options);
                options.TokenEndpoint = "http://id.example/token";
            });
        });
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().AddScheme(new AuthenticationScheme("later", "Later", typeof(OAuthHandler<OAuthOptions>)));
        Assert.Null(await app.Services.GetRequiredService<AuthProviderRegistry>().FindAsync("later"));
    }

    [Fact]
    public async Task OneWithTheIdOfAnotherIsNotOffered()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Services = services => services.Configure<OAuthOptions>("ACME", fake.UseForPlainOAuth));
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, "acme")).Text);
        Assert.Equal(200, (int)(await browser.FetchAsync(HttpMethod.Get, "/api/auth/sessions")).Status);
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().AddScheme(new AuthenticationScheme("ACME", "Another", typeof(OAuthHandler<OAuthOptions>)));
        Assert.Equal(200, (int)(await browser.FetchAsync(HttpMethod.Get, "/api/auth/sessions")).Status);
        Assert.Equal("acme", (await app.Services.GetRequiredService<AuthProviderRegistry>().FindAsync("acme"))!.Scheme);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData(" later")]
    public async Task OneWhoseNameIsNoPartOfAnAddressIsNotOffered(string name)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Services = services => services.Configure<OAuthOptions>(name, fake.UseForPlainOAuth));
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().AddScheme(new AuthenticationScheme(name, "Later", typeof(OAuthHandler<OAuthOptions>)));
        Assert.DoesNotContain(await app.Services.GetRequiredService<AuthProviderRegistry>().ListAsync(), provider => provider.Scheme == name);
        Assert.Contains($"The name of the scheme '{name}'", Assert.Single(app.Logs.Own, line => line.Event.Id == 320).Text, StringComparison.Ordinal);
    }

    // What was refused and then corrected, or replaced by another handler, is looked at anew.
    [Fact]
    public async Task OneThatIsRemovedAndAddedAgainIsAnother()
    {
        var fake = new FakeProvider();
        var isRight = false;
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Settings["AUTH_URL"] = "https://app.example";
            setup.Services = services => services.Configure<OAuthOptions>("later", options =>
            {
                fake.UseForPlainOAuth(options);
                options.TokenEndpoint = isRight ? options.TokenEndpoint : "http://id.example/token";
            });
        });
        var schemes = app.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        var providers = app.Services.GetRequiredService<AuthProviderRegistry>();
        schemes.AddScheme(new AuthenticationScheme("later", "Later", typeof(OAuthHandler<OAuthOptions>)));
        Assert.Null(await providers.FindAsync("later"));

        schemes.RemoveScheme("later");
        isRight = true;
        app.Services.GetRequiredService<IOptionsMonitorCache<OAuthOptions>>().TryRemove("later");
        schemes.AddScheme(new AuthenticationScheme("later", "Later", typeof(OAuthHandler<OAuthOptions>)));

        Assert.Equal("later", (await providers.FindAsync("later"))?.Id);
    }
}
