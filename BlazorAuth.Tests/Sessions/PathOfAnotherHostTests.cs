using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Sessions;

/// <summary>A request may ask for <c>//evil.example/x</c>. Without the app's origin before it, that is another host: no page, of ours or the app's own, gets it to go there.</summary>
public sealed class PathOfAnotherHostTests
{
    private const string Target = "//evil.example/x";

    [Theory]
    [InlineData("/own/sign-in")]
    [InlineData(null)]
    public async Task WhoHasToSignInIsNotSentThere(string? page)
    {
        await using var app = await StartAsync(page, policy => policy.RequireAuthenticatedUser());
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(app.Origin + Target);
        Assert.Equal(page ?? "/api/auth/signin", answer.Location!.AbsolutePath);
        Assert.Equal("/", Returned(answer));
    }

    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("/\\evil.example/x")]
    [InlineData("/\t/evil.example/x")]
    public async Task NorWhereTheAppItselfNamesIt(string named)
    {
        await using var app = await StartAsync("/own/sign-in");
        using var browser = app.CreateBrowser();
        Assert.Equal("/", Returned(await browser.GetAsync("/ask?to=" + Uri.EscapeDataString(named))));
    }

    [Fact]
    public async Task WhoMayNotIsNotLedBackThere()
    {
        await using var app = await StartAsync("/own/sign-in", policy => policy.RequireRole("nobody"));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google", callbackUrl: "/own/sign-in");
        var answer = await browser.GetAsync(app.Origin + Target);
        Assert.Equal("/own/error", answer.Location!.AbsolutePath);
        Assert.Equal("/", Returned(answer));
    }

    [Fact]
    public async Task NorIsWhoHasToSignInOnceMore()
    {
        await using var app = await StartAsync("/own/sign-in");
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google", callbackUrl: "/own/sign-in");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        var answer = await browser.GetAsync(app.Origin + Target);
        Assert.StartsWith("/api/auth/signin/", answer.Location!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(app.Origin + "/", Returned(answer) + (Returned(answer)!.EndsWith('/') ? "" : "/"));
    }

    [Theory]
    [InlineData("/api/auth/signin")]
    [InlineData("/api/auth/error?error=AccessDenied")]
    public async Task NoPageOfOursIsThereUnderSuchAnAddress(string page)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await browser.GetAsync(app.Origin + "/" + page)).Status);
    }

    private static string? Returned(Page answer) => QueryHelpers.ParseQuery(answer.Location!.Query)["callbackUrl"];

    /// <summary>An app with pages of its own, and a policy for all that has none.</summary>
    private static Task<AuthApp> StartAsync(string? signIn, Action<AuthorizationPolicyBuilder>? fallback = null) => AuthApp.StartAsync(setup =>
    {
        setup.Services = services => services.AddAuthorization(options =>
        {
            var policy = new AuthorizationPolicyBuilder();
            fallback?.Invoke(policy);
            options.FallbackPolicy = fallback is null ? null : policy.Build();
        });
        setup.Options = options => (options.Pages.SignIn, options.Pages.Error) = (signIn, "/own/error");
        setup.Map = host =>
        {
            host.MapGet("/own/{page}", () => "").AllowAnonymous();
            host.MapGet("/ask", (string to) => TypedResults.Challenge(new AuthenticationProperties { RedirectUri = to })).AllowAnonymous();
            if (fallback is null)
            {
                // Routes see no path that begins with two slashes, but middleware may send it anywhere.
                host.MapGet("{**rest}", () => "").RequireFresh(TimeSpan.FromMinutes(5));
            }
        };
    });
}
