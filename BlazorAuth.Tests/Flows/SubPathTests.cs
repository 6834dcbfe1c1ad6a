namespace BlazorAuth.Tests.Flows;

/// <summary>An app below a path: what its code calls a path of the app is one.</summary>
public sealed class SubPathTests
{
    [Theory]
    [InlineData("/ask", "https://app.example/shop/ask")]
    [InlineData("/shop/ask?a=b", "https://app.example/shop/ask?a=b")]
    [InlineData("/shop", "https://app.example/shop")]
    [InlineData("/shopping", "https://app.example/shop/shopping")]
    [InlineData("https://app.example/other", "https://app.example/other")]
    [InlineData("//evil.example", "https://app.example/shop")]
    public async Task ADecisionLeadsToAPageOfTheApp(string target, string address)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Address = new Uri("https://app.example");
            setup.Settings["AUTH_URL"] = "https://app.example/shop";
            setup.Options = options => options.Callbacks.OnSignIn = _ => ValueTask.FromResult(SignInDecision.RedirectTo(target));
            setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "ada", Name = "Ada" })));
        });
        using var browser = app.CreateBrowser();

        var denied = await browser.PostAsync("/shop/api/auth/callback/password", [new("user", "ada"), new("password", "x")]);

        Assert.Equal(address, denied.Location?.ToString().TrimEnd('/'));
    }
}
