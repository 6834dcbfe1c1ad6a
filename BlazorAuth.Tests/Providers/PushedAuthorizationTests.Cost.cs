using System.Net;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Providers;

/// <content>How many requests they cost, and how long somebody waits for one.</content>
public sealed partial class PushedAuthorizationTests
{
    [Fact]
    public async Task ASignInThatIsRefusedCostsTheProviderOneRequest()
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = seen => seen.Field("max_age") == "soon" ? OpenIdFake.Error("invalid_request") : Accepted();
        await using var app = await fake.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.PostAsync("/api/auth/signin/work");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await browser.PostAsync("/api/auth/signin/work?max_age=soon");
        }

        Assert.Equal(4, fake.Count("/par"));
    }

    [Fact]
    public async Task WhatPagesOfTheAppStartIsPushedOnlySoOften()
    {
        var fake = Offering(required: false);
        fake.Hooks["/par"] = _ => Accepted();
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Options = options => options.RateLimit.PermitLimit = 2;
            setup.Map = routes => routes.MapGet("/start", () => Results.Challenge(authenticationSchemes: ["work"]));
        });
        using var browser = app.CreateBrowser();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.StartsWith("https://id.example/authorize", (await browser.OpenAsync("/start")).Location!.AbsoluteUri, StringComparison.Ordinal);
        }

        Assert.Equal(2, fake.Count("/par"));
        Assert.NotNull((await browser.PostAsync("/api/auth/signin/work")).Location);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhereAPushIsRequiredPagesOfTheAppStartOnlySoManySignIns(bool byDiscovery)
    {
        var fake = Offering(required: byDiscovery);
        fake.Hooks["/par"] = _ => Accepted();
        await using var app = await fake.StartAsync(
            setup =>
            {
                setup.Options = options => options.RateLimit.PermitLimit = 2;
                setup.Map = routes => routes.MapGet("/start", () => Results.Challenge(authenticationSchemes: ["work"]));
            },
            options => options.PushedAuthorizationBehavior = byDiscovery ? options.PushedAuthorizationBehavior : PushedAuthorizationBehavior.Require);
        using var browser = app.CreateBrowser();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.Equal("urn:x:1", Page.Query((await browser.OpenAsync("/start")).Location!, "request_uri"));
        }

        var refused = await browser.OpenAsync("/start");
        Assert.Equal(("/api/auth/error", "TooManyAttempts", HttpStatusCode.TooManyRequests), (refused.Address.AbsolutePath, refused.Query("reason"), refused.Status));
        Assert.EndsWith("/start", refused.Query("callbackUrl"), StringComparison.Ordinal);
        Assert.Equal(2, fake.Count("/par"));
        Assert.Equal("urn:x:1", Page.Query((await browser.PostAsync("/api/auth/signin/work")).Location!, "request_uri"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("urn:x:1", Page.Query((await browser.OpenAsync("/start")).Location!, "request_uri"));
    }

    // By images and frames; who follows a link is counted.
    [Theory]
    [InlineData("no-cors", "image")]
    [InlineData("navigate", "iframe")]
    public async Task AnotherPageUsesUpNobodysPushes(string mode, string destination)
    {
        var fake = Offering(required: true);
        fake.Hooks["/par"] = _ => Accepted();
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Options = options => options.RateLimit.PermitLimit = 2;
            setup.Map = routes => routes.MapGet("/start", () => Results.Challenge(authenticationSchemes: ["work"]));
        });
        using var browser = app.CreateBrowser();
        for (var part = 0; part < 3; part++)
        {
            await browser.FetchAsync(HttpMethod.Get, "/start", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination));
        }

        Assert.Equal(0, fake.Count("/par"));
        Assert.Equal("urn:x:1", Page.Query((await browser.OpenAsync("/start")).Location!, "request_uri"));
    }

    [Fact]
    public async Task WhereAPushIsMerelyOfferedNobodyWaitsLongForIt()
    {
        var fake = Offering(required: false);
        using var hanging = new HangingHandler(fake);
        await using var app = await fake.StartAsync(configure: options => options.BackchannelHttpHandler = hanging);
        using var browser = app.CreateBrowser();
        var start = browser.PostAsync("/api/auth/signin/work");
        await hanging.Asked;
        app.Clock.Advance(TimeSpan.FromSeconds(5));

        var authorize = (await start.WaitAsync(TimeSpan.FromSeconds(25), TestContext.Current.CancellationToken)).Location!;
        Assert.Equal((null, "code"), (Page.Query(authorize, "request_uri"), Page.Query(authorize, "response_type")));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 316);
    }

    /// <summary>Everything is answered but pushes, which nobody hears of again.</summary>
    private sealed class HangingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/par")
            {
                _asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
