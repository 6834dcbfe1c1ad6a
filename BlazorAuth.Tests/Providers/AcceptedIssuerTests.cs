using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using static BlazorAuth.Tests.Import.ImportSteps;

namespace BlazorAuth.Tests.Providers;

/// <summary>Where the app's code accepts every issuer, a provider still speaks for nobody but its own people and those whom the set-up names.</summary>
public sealed class AcceptedIssuerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AProviderOnAnotherServerIsNotGoogle(bool byValidator)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => Accept(options, byValidator));
        await CreateAsync(app, "the-victim-of-google", "https://accounts.google.com", "1234567890", "google");

        Assert.NotEqual("the-victim-of-google", await SignInAsync(app, fake, "https://accounts.google.com", "1234567890"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NorAPlainOAuthProvider(bool byValidator)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => Accept(options, byValidator));
        await CreateAsync(app, "the-victim-of-discord", "discord", "77", "discord");

        Assert.NotEqual("the-victim-of-discord", await SignInAsync(app, fake, "discord", "77"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NorDoesItKnowPasswords(bool byValidator)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(
            setup =>
            {
                var providers = setup.Providers;
                setup.Providers = builder =>
                {
                    providers(builder);
                    builder.AddCredentials("password", context => ValueTask.FromResult<CredentialsResult>(
                        context.Form["password"] == "right" ? new SessionUser { Id = context.Form["user"]!, Name = "Root" } : null!));
                };
            },
            options => Accept(options, byValidator));
        using var admin = app.CreateBrowser();
        await admin.PostAsync("/api/auth/callback/password", new Dictionary<string, string> { ["user"] = "root", ["password"] = "right", ["csrfToken"] = await admin.CsrfTokenAsync() });
        Assert.Equal("root", await admin.UserIdAsync());

        Assert.NotEqual("root", await SignInAsync(app, fake, "credentials/password", "root"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NorIsThePlaceholderOfAnImportAWayIn(bool byValidator)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options => Accept(options, byValidator));
        await ImportAsync(app, User("kim", ("nowhere", "x")));

        Assert.NotEqual("kim", await SignInAsync(app, fake, AccountRecord.ImportIssuer, "kim"));
    }

    // A scheme may have the address of the document alone.
    [Theory]
    [InlineData("credentials/password")]
    [InlineData("discord")]
    [InlineData("")]
    [InlineData("https://accounts.google.com")]
    public async Task NorIsItAnybodyWithoutAnAuthority(string issuer)
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(
            setup => Array.ForEach(["ISSUER", "ID", "SECRET"], name => setup.Settings.Remove("AUTH_WORK_" + name)),
            options =>
            {
                Accept(options, byValidator: false);
                (options.MetadataAddress, options.ClientId, options.ClientSecret) = ("https://id.example/.well-known/openid-configuration", "client", OpenIdFake.Secret);
            });
        await CreateAsync(app, "the-victim", issuer.Length == 0 ? "none" : issuer, "77", "discord");

        Assert.Equal("", await SignInAsync(app, fake, issuer, "77"));
        Assert.NotEqual("", await SignInAsync(app, fake, "https://id.example/one", "77"));
    }

    [Fact]
    public async Task AnIssuerOnItsOwnServerOrThatTheSetUpNamesIsAccepted()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync(configure: options =>
        {
            Accept(options, byValidator: true);
            options.TokenValidationParameters.ValidIssuers = ["https://two.example"];
        });
        foreach (var issuer in (string[])[fake.Issuer + "/one", "https://two.example"])
        {
            Assert.NotEqual("", await SignInAsync(app, fake, issuer, "42"));
        }

        Assert.Equal("", await SignInAsync(app, fake, "https://three.example", "42"));
        Assert.Contains(app.Logs.Own, line => line.Text.Contains("https://three.example, which is not on the provider's own server; if its people may sign in, add it to TokenValidationParameters.ValidIssuers of the scheme", StringComparison.Ordinal));
    }

    private static async Task<string> SignInAsync(AuthApp app, OpenIdFake fake, string issuer, string subject)
    {
        fake.Issuer = issuer;
        fake.Claims["sub"] = subject;
        fake.UserInfo["sub"] = subject;
        using var browser = app.CreateBrowser();
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!));
        return await browser.SessionAsync() == "null" ? "" : await browser.UserIdAsync();
    }

    private static async Task CreateAsync(AuthApp app, string id, string issuer, string subject, string provider)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        Assert.Equal(UserCreation.Created, await app.Services.GetRequiredService<IAccountStore>().CreateAsync(
            new UserRecord { Id = id, Name = "Victim", CreatedAt = now, LastSeenAt = now },
            new AccountRecord { Issuer = issuer, Subject = subject, Provider = provider, UserId = id, LinkedAt = now, LastUsedAt = now },
            Token));
    }

    private static void Accept(OpenIdConnectOptions options, bool byValidator)
    {
        if (byValidator)
        {
            options.TokenValidationParameters.IssuerValidator = (issuer, _, _) => issuer;
        }
        else
        {
            options.TokenValidationParameters.ValidateIssuer = false;
        }
    }
}
