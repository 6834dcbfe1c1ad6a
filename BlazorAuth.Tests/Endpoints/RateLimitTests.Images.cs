using System.Net;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Endpoints;

/// <content>Images on another page that point to a callback.</content>
public sealed partial class RateLimitTests
{
    [Theory]
    [InlineData("/api/auth/callback/acme?state=x&code=x")]
    [InlineData("/api/auth/callback/password")]
    [InlineData("/api/auth/callback/password/")]
    [InlineData("/api/auth/callback/password//")]
    [InlineData("/api/auth/callback/steam")]
    [InlineData("/api/auth/callback/steam/")]
    public async Task ImagesOnAnotherPageUseUpNobodysAttempts(string image)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Options = options => options.RateLimit.PermitLimit = 1;
            setup.Providers = builder => builder.AddOAuth("acme", "Acme", fake.UseForPlainOAuth).AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Refuse()))
                .AddRemoteScheme<RemoteAuthenticationOptions, WithStateElsewhere>("steam", "Steam", _ => { });
        });
        app.ClientAddress = IPAddress.Parse("192.0.2.7");
        using var visitor = app.CreateBrowser();
        for (var i = 0; i < 5; i++)
        {
            var message = visitor.Message(HttpMethod.Get, new Uri(app.Address, image), "cross-site");
            message.Headers.Add("Sec-Fetch-Dest", "image");
            await visitor.SendAsync(message);
        }

        Assert.Equal("Ada Lovelace", (await visitor.SignInAsync(fake, "acme")).Text);
    }

    // It makes the server ask the provider: whoever sends the browser there is counted.
    [Fact]
    public async Task AnAnswerWhoseStateOnlyTheHandlerFindsIsCounted()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options => options.RateLimit.PermitLimit = 2;
            setup.Providers = builder => builder.AddRemoteScheme<RemoteAuthenticationOptions, WithStateElsewhere>("steam", "Steam", _ => { });
        });
        app.ClientAddress = IPAddress.Parse("192.0.2.7");
        using var visitor = app.CreateBrowser();
        List<HttpStatusCode> answers = [];
        for (var i = 0; i < 3; i++)
        {
            answers.Add((await visitor.GetAsync("/api/auth/callback/steam")).Status);
        }

        Assert.Equal([HttpStatusCode.Found, HttpStatusCode.Found, HttpStatusCode.TooManyRequests], answers);
    }

    [Theory]
    [InlineData("/api/auth/callback/password/")]
    [InlineData("/api/auth/callback/PASSWORD//")]
    public async Task ASlashBehindTheNameOfCredentialsIsTheSameAddress(string address)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddCredentials("password", _ =>
            ValueTask.FromResult<CredentialsResult>(new SessionUser { Id = "ada", Name = "Ada" })));
        using var browser = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.GetAsync(address)).Status);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 302);
        await browser.PostAsync(address, [new("user", "ada")]);
        Assert.Single(await app.Sessions.ListAsync("ada", TestContext.Current.CancellationToken));
    }

    /// <summary>As those of Twitter, Steam and WS-Federation: its state is where nobody else finds it.</summary>
    private sealed class WithStateElsewhere(IOptionsMonitor<RemoteAuthenticationOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : RemoteAuthenticationHandler<RemoteAuthenticationOptions>(options, loggers, encoder)
    {
        protected override Task<HandleRequestResult> HandleRemoteAuthenticateAsync() => Task.FromResult(HandleRequestResult.Fail("no assertion"));
    }
}
