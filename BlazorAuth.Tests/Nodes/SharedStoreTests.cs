using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>What nodes on a shared store promise while the store, or the way to it, fails. The servers are real; the network is a cable that can be cut.</summary>
public abstract class SharedStoreTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store without the cable.</summary>
    private protected string Address { get; private set; } = "";

    private protected TcpProxy Cable { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (address, port) = await CreateStoreAsync();
        Address = address;
        Cable = Own(new TcpProxy(port));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Cable?.Thaw();
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }

    private protected abstract Task<(string Address, int Port)> CreateStoreAsync();

    private protected abstract string Through(TcpProxy cable);

    private protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    // Quick enough for a test; where only the signal may tell, an hour.
    private protected async Task<AuthApp> StartAsync(string store, TimeSpan? reconcile = null) =>
        Own(await StoreNode.StartAsync(store, configure: options => options.Session.ReconcileInterval = reconcile ?? TimeSpan.FromMilliseconds(200)));

    [Fact]
    public async Task ASignOutAndAnUpdateReachTheOtherNodesByTheSignalAlone()
    {
        var a = await StartAsync(Address, TimeSpan.FromHours(1));
        var b = await StartAsync(Address, TimeSpan.FromHours(1));
        await ListeningAsync(b);
        var (ended, endedCookie) = await a.SignInAsync();
        var (updated, _) = await a.SignInAsync();
        Assert.True(await b.BelievesAsync(endedCookie));

        await a.SignOutAsync(endedCookie);
        await a.Sessions.UpdateAsync(updated, new JsonObject { ["name"] = "Ada", ["roles"] = "admin" }, Token);

        Assert.True((await b.HearsAsync(ended.Id)).Revoked);
        Assert.Equal(2, (await b.HearsAsync(updated.Id)).Version);
        Assert.False(await b.BelievesAsync(endedCookie));
    }

    [Fact]
    public async Task AnAntiforgeryTokenOfOneNodeIsReadByAnother()
    {
        var a = await StartAsync(Address);
        var b = await StartAsync(Address);
        var form = await a.GetAsync("/form");
        var token = await form.Content.ReadAsStringAsync(Token);
        var cookie = form.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        foreach (var (sent, expected) in (IEnumerable<(string, HttpStatusCode)>)[(token, HttpStatusCode.OK), (token[..^4] + "AAAA", HttpStatusCode.BadRequest)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/form") { Headers = { { "Cookie", cookie }, { "RequestVerificationToken", sent } } };
            Assert.Equal(expected, (await b.Client().SendAsync(request, Token)).StatusCode);
        }
    }

    [Fact]
    public async Task WhatHappenedWhileTheSignalWasCutIsReadWhenItIsBack()
    {
        var a = await StartAsync(Address);
        var b = await StartAsync(Through(Cable), TimeSpan.FromHours(1));
        await ListeningAsync(b, a);
        var (ticket, cookie) = await a.SignInAsync();
        await Cable.CutAsync();

        await a.SignOutAsync(cookie);
        Assert.True(await b.BelievesAsync(cookie));
        Cable.Plug();

        Assert.True((await b.HearsAsync(ticket.Id)).Revoked);
        Assert.False(await b.BelievesAsync(cookie));
    }

    [Fact]
    public async Task ANodeStartsWithoutItsStoreBelievesNobodyAndSignsNobodyOut()
    {
        var a = await StartAsync(Address);
        var (kept, keptCookie) = await a.SignInAsync();
        var (ended, endedCookie) = await a.SignInAsync();
        var (revoked, revokedCookie) = await a.SignInAsync();
        await a.SignOutAsync(revokedCookie);
        await Cable.CutAsync();
        var b = await StartAsync(Through(Cable));

        Assert.Equal(HealthStatus.Unhealthy, await b.HealthAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await b.GetAsync("/healthz/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await b.GetAsync("/page")).StatusCode);
        foreach (var cookie in (string[])[keptCookie, revokedCookie])
        {
            var refused = await b.GetAsync("/page", cookie);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        AssertDeletesTheCookie(await b.SignOutAsync(endedCookie));
        Cable.Plug();
        await b.BecomesAsync(HealthStatus.Healthy);

        Assert.True(await b.BelievesAsync(keptCookie));
        Assert.False(await b.BelievesAsync(revokedCookie));
        Assert.True((await a.HearsAsync(ended.Id)).Revoked);
        Assert.NotEqual(kept.Id, revoked.Id);
    }

    [Fact]
    public async Task WithoutTheStoreSessionsAreReadNobodyIsSignedInAndSignOutsAreStoredLater()
    {
        var a = await StartAsync(Address);
        var b = await StartAsync(Through(Cable));
        await b.BecomesAsync(HealthStatus.Healthy);
        var (_, kept) = await b.SignInAsync();
        var (ended, endedCookie) = await b.SignInAsync();
        var (_, revoked) = await b.SignInAsync();
        await b.SignOutAsync(revoked);
        await Cable.CutAsync();
        await b.BecomesAsync(HealthStatus.Degraded);

        Assert.Equal(HttpStatusCode.OK, (await b.GetAsync("/healthz/ready")).StatusCode);
        Assert.True(await b.BelievesAsync(kept));
        Assert.False(await b.BelievesAsync(revoked));
        await AssertSignInFailsAsync(b);
        AssertDeletesTheCookie(await b.SignOutAsync(endedCookie));
        Assert.False(await b.BelievesAsync(endedCookie));
        Assert.True(await a.BelievesAsync(endedCookie));
        Cable.Plug();

        Assert.True((await a.HearsAsync(ended.Id)).Revoked);
        await b.BecomesAsync(HealthStatus.Healthy);
        Assert.True(await b.BelievesAsync(kept));
    }

    [Fact]
    public async Task AStoreThatHangsIsNotAskedForSessionsAndFailsASignIn()
    {
        var b = await StartAsync(Through(Cable), TimeSpan.FromHours(1));
        var (_, cookie) = await b.SignInAsync();
        Cable.Freeze();

        // A request that asks a store that hangs says so in the log, after a while.
        Assert.True(await b.BelievesAsync(cookie));
        Assert.DoesNotContain(b.Logs.Own, line => line.Event.Name is "RowCheckFailed" or "StoreUnreachable");
        await AssertSignInFailsAsync(b);
        Assert.Contains(b.Logs.Own, line => line.Event.Name == "SignInFailed" && line.Text.Contains(nameof(AuthErrorReason.StoreUnavailable), StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoNodesMayRenewOneCookieTogether()
    {
        var a = await StartAsync(Address);
        var b = await StartAsync(Address);
        var (ticket, _) = await a.SignInAsync();
        var old = TestTicket.Cookie(ticket.With(ticket.IssuedAt - TimeSpan.FromDays(2), ticket.ExpiresAt - TimeSpan.FromDays(2)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? a : b).GetAsync("/api/auth/session", old)));
        var renewed = answers.Select(CookieIn).ToList();

        Assert.All(renewed, cookie => Assert.NotNull(cookie));
        Assert.True(await a.BelievesAsync(renewed[1]!));
        Assert.True(await b.BelievesAsync(renewed[0]!));
        await a.SignOutAsync(renewed[0]!);
        await b.HearsAsync(ticket.Id);
        Assert.False(await b.BelievesAsync(renewed[1]!));
        Assert.False(await b.BelievesAsync(old));
    }

    private protected static async Task AssertSignInFailsAsync(AuthApp node)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/callback/password")
        {
            Headers = { { "Sec-Fetch-Site", "same-origin" } },
            Content = new FormUrlEncodedContent([new("username", "eve"), new("password", "x")]),
        };
        var answer = await node.Client().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Null(CookieIn(answer));
    }

    private protected static string? CookieIn(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Where(cookie => cookie.StartsWith(AuthApp.SessionCookie + "=", StringComparison.Ordinal))
                .Select(cookie => cookie.Split(';')[0][(AuthApp.SessionCookie.Length + 1)..]).FirstOrDefault(value => value.Length > 0)
            : null;

    private static void AssertDeletesTheCookie(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie =>
            cookie.StartsWith(AuthApp.SessionCookie + "=;", StringComparison.Ordinal) && cookie.Contains("Max-Age=0", StringComparison.Ordinal));
    }

    // The subscription stands when something is heard: change what nobody has until it is.
    private protected static async Task ListeningAsync(AuthApp listener, AuthApp? speaker = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var heard = false;
        listener.Changes().Observe(change => heard = true);
        while (!Volatile.Read(ref heard))
        {
            var now = TimeProvider.System.GetUtcNow();
            await (speaker ?? listener).Store.CreateAsync(
                new SessionRecord
                {
                    Id = Guid.NewGuid().ToString("N"), UserId = "nobody", Provider = "none", Content = "{}", Version = 2,
                    CreatedAt = now, LastSeenAt = now, ExpiresAt = now.AddHours(1),
                },
                limit.Token);
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }
}
