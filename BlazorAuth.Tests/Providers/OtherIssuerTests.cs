using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Tests.Providers;

/// <summary>Addresses from issuers that the app's code accepts beside the scheme's own, which discovery names.</summary>
public sealed class OtherIssuerTests
{
    private const string Other = "https://id.example/realms/other";
    private const string Address = "ada@example.com";

    public static TheoryData<string> Ways => ["list", "one", "validator", "any"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AnAddressThatAnotherIssuerConfirmsMakesNobodyTheUserWhoHasIt(string way)
    {
        var fake = Confirming();
        SessionUser? user = null;
        await using var app = await fake.StartAsync(
            setup => setup.Options = options =>
            {
                options.Accounts.LinkVerifiedEmail("work");
                options.Callbacks.OnSignIn = context =>
                {
                    user = context.User;
                    return ValueTask.FromResult(SignInDecision.Allow);
                };
            },
            options => Accept(options, way, Other));
        await CreateAdaAsync(app);
        fake.Issuer = Other;

        Assert.NotEqual("u-ada", await SignInAsync(app, fake));

        Assert.Equal((Address, false), (user!.Email, user.EmailVerified));
    }

    [Theory]
    [InlineData("list", "https://id.example")]
    [InlineData("list", "https://id.example/")]
    [InlineData("list", "id.example")]
    [InlineData("one", "https://id.example/")]
    [InlineData("validator", "https://id.example")]
    [InlineData("any", "https://id.example")]
    public async Task OneThatTheSchemesOwnIssuerConfirmsCountsHoweverThatIsSpelled(string way, string issuer)
    {
        var fake = Confirming();
        await using var app = await fake.StartAsync(setup => setup.Options = options => options.Accounts.LinkVerifiedEmail("work"), options => Accept(options, way, way == "one" ? issuer : Other, issuer));
        await CreateAdaAsync(app);
        fake.Issuer = issuer;
        Assert.Equal("u-ada", await SignInAsync(app, fake));
    }

    [Theory]
    [InlineData("http://id.example")]
    [InlineData("https://id.example/other")]
    [InlineData("https://ID.example")]
    [InlineData("https://id.example.evil.example")]
    public async Task WhatOnlyResemblesItIsAnotherIssuer(string issuer)
    {
        var fake = Confirming();
        await using var app = await fake.StartAsync(setup => setup.Options = options => options.Accounts.LinkVerifiedEmail("work"), options => Accept(options, "list", issuer));
        await CreateAdaAsync(app);
        fake.Issuer = issuer;
        Assert.NotEqual("u-ada", await SignInAsync(app, fake));
    }

    private static OpenIdFake Confirming()
    {
        var fake = new OpenIdFake();
        foreach (var answer in (System.Text.Json.Nodes.JsonObject[])[fake.Claims, fake.UserInfo])
        {
            (answer["email"], answer["email_verified"]) = (Address, true);
        }

        return fake;
    }

    private static void Accept(OpenIdConnectOptions options, string way, params string[] issuers)
    {
        var rules = options.TokenValidationParameters;
        switch (way)
        {
            case "list":
                rules.ValidIssuers = issuers;
                break;
            case "one":
                rules.ValidIssuer = issuers[0];
                break;
            case "validator":
                rules.IssuerValidator = (issuer, _, _) => issuer;
                break;
            default:
                rules.ValidateIssuer = false;
                break;
        }
    }

    private static async Task CreateAdaAsync(AuthApp app)
    {
        var now = app.Clock.GetUtcNow();
        await app.Services.GetRequiredService<IAccountStore>().CreateAsync(
            new() { Id = "u-ada", Email = Address, EmailVerifiedAt = now, CreatedAt = now, LastSeenAt = now },
            new() { Issuer = "https://first.example", Subject = "1", Provider = "first", UserId = "u-ada", LinkedAt = now, LastUsedAt = now },
            TestContext.Current.CancellationToken);
    }

    private static async Task<string> SignInAsync(AuthApp app, OpenIdFake fake)
    {
        using var browser = app.CreateBrowser();
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!));
        return await browser.UserIdAsync();
    }
}
