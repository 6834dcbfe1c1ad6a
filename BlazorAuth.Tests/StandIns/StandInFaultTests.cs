using System.Net;
using BlazorAuth.StandIns;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.StandIns;

/// <summary>Each fault, seen from the app's side, and gone with the next sign-in.</summary>
public sealed class StandInFaultTests
{
    private const string Ada = "button[value=ada]";

    public static TheoryData<string> Schemes => StandInFlowTests.Schemes;

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task CancellingComesBackAsAccessDenied(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var end = await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), "button[value=denied]");
        Assert.Equal(HttpStatusCode.Forbidden, end.Status);
        var answer = QueryHelpers.ParseQuery(end.Address.Query);
        Assert.Equal("access_denied", answer["error"]);
        Assert.Equal(IssuerOf(scheme), (string?)answer.GetValueOrDefault("iss"));
        Assert.NotEmpty(answer["state"].ToString());
    }

    [Theory]
    // OAuthHandler expects JSON from a provider that is down, and reports the HTML.
    [InlineData("Google", "server-error", "JsonReaderException")]
    [InlineData("GitHub", "server-error", "JsonReaderException")]
    [InlineData("plain", "server-error", "JsonReaderException")]
    [InlineData("oidc", "server-error", "500")]
    [InlineData("Google", "expired-code", "invalid_grant")]
    [InlineData("GitHub", "expired-code", "bad_verification_code")]
    [InlineData("plain", "expired-code", "invalid_grant")]
    [InlineData("oidc", "expired-code", "invalid_grant")]
    public async Task ATokenFaultFailsThatSignInOnly(string scheme, string fault, string cause)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var failed = await SignInAsync(app, browser, scheme, fault);
        Assert.Equal(HttpStatusCode.Forbidden, failed.Status);
        Assert.Contains(cause, failed.Text, StringComparison.Ordinal);

        var picker = await StandInApp.StartSignInAsync(browser, scheme);
        Assert.Null(picker.Document.QuerySelector("[role=status]"));
        Assert.Contains("ada@example.com", (await browser.PressAsync(picker, Ada)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task AnUnverifiedEmailIsToldAsSuch(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var end = await SignInAsync(app, browser, scheme, "unverified-email");
        Assert.Contains("\"email_verified\":\"false\"", end.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("public_email", end.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task AWrongIssuerIsNamedOnTheWayBack(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("https://wrong-issuer.invalid", IssuerIn(await SignInAsync(app, browser, scheme, "wrong-issuer")));
        Assert.Equal(IssuerOf(scheme), IssuerIn(await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), Ada)));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task ASlowProviderAnswersInTheEnd(string scheme)
    {
        var clock = new DelaySkippingClock(TimeSpan.FromSeconds(5));
        await using var app = await StandInApp.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var browser = app.CreateBrowser();
        Assert.Contains("ada@example.com", (await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), Ada)).Text, StringComparison.Ordinal);
        Assert.Equal(0, clock.Skipped);
        Assert.Contains("ada@example.com", (await SignInAsync(app, browser, scheme, "slow")).Text, StringComparison.Ordinal);
        Assert.Equal(1, clock.Skipped);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task PressingAChosenFaultAgainTakesItBack(string scheme)
    {
        await using var app = await StandInApp.StartAsync();
        using var browser = app.CreateBrowser();
        var chosen = await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), "button[value=expired-code]");
        Assert.Equal("true", chosen.Document.QuerySelector(".faults button[aria-pressed=true]")?.GetAttribute("aria-pressed"));
        var back = await browser.PressAsync(chosen, ".faults button[aria-pressed=true]");
        Assert.Contains("ada@example.com", (await browser.PressAsync(back, Ada)).Text, StringComparison.Ordinal);
    }

    private static async Task<Page> SignInAsync(StandInApp app, Browser browser, string scheme, string fault)
    {
        var chosen = await browser.PressAsync(await StandInApp.StartSignInAsync(browser, scheme), $"button[value={fault}]");
        Assert.NotNull(chosen.Document.QuerySelector("[role=status]"));
        return await browser.PressAsync(chosen, Ada);
    }

    private static string? IssuerOf(string scheme) => scheme switch
    {
        "Google" => "https://accounts.google.com",
        "GitHub" => StandInAddress.Root + "/github/login/oauth",
        "plain" => null,
        _ => StandInAddress.Issuer,
    };

    private static string? IssuerIn(Page page) =>
        QueryHelpers.ParseQuery(page.Hops.Single(hop => hop.AbsolutePath.StartsWith("/signin-", StringComparison.Ordinal)).Query).GetValueOrDefault("iss");

    /// <summary>The real clock, but a delay of the given length is over at once, and counted.</summary>
    private sealed class DelaySkippingClock(TimeSpan delay) : TimeProvider
    {
        private int _skipped;

        public int Skipped => _skipped;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == delay)
            {
                Interlocked.Increment(ref _skipped);
                dueTime = TimeSpan.Zero;
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
