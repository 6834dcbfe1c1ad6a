using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Cookies that another site of the same domain sets beside the app's own: browsers send both, and nothing tells them apart.</summary>
public sealed partial class CookieTossingTests
{
    private const string Name = AuthApp.SessionCookie;

    [Theory]
    [InlineData("garbage")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0..a.b.c")]
    public async Task GarbageNeitherSignsAPersonOutNorTakesTheirCookie(string garbage)
    {
        await using var app = await AuthApp.StartAsync();
        var own = TestTicket.Cookie(await app.BeginSessionAsync("ada"));
        foreach (var header in (string[])
            [
                $"{Name}={garbage}; {Name}={own}", $"{Name}={own}; {Name}={garbage}", $"{Name}.0={garbage}; {Name}={own}", $"{Name}.7={garbage}; {Name}={own}",
                $"{Name}=; {Name}={own}", $"{Name}={own}; {Name}=", $"{Name}.0=; {Name}={own}",
            ])
        {
            var answer = await AskAsync(app, header);
            Assert.Equal(("Ada", ""), ((string?)answer.Json!["user"]!["name"], Deleted(answer)));
        }

        foreach (var header in (string[])[$"{Name}={garbage}", $"{Name}.0={garbage}; {Name}.1={garbage}", $"{Name}={garbage}; {Name}={garbage}2"])
        {
            var answer = await AskAsync(app, header);
            Assert.Equal(("null", ""), (answer.Text, Deleted(answer)));
            Assert.Equal("", Deleted(await AskAsync(app, header, HttpMethod.Post)));
        }
    }

    [Fact]
    public async Task GarbageAmongChunksDoesNoHarmEither()
    {
        await using var app = await AuthApp.StartAsync();
        var token = TestTicket.Cookie(await app.BeginSessionAsync("ada", claims: new JsonObject { ["name"] = "Ada", ["fill"] = new string('x', 6000) }));
        var chunks = token.Chunk(ChunkedCookie.ChunkLength).Select((chunk, number) => $"{Name}.{number}={new string(chunk)}").ToArray();
        Assert.Equal(3, chunks.Length);
        var own = string.Join("; ", chunks);
        foreach (var header in (string[])
            [
                $"{Name}.0=x; {own}", $"{own}; {Name}.0=x", $"{Name}.1=x; {own}", $"{Name}.0=x; {Name}.1=x; {own}", $"{Name}.3=x; {own}", $"{own}; {Name}.3=x; {Name}.4=x",
                $"{Name}.19=x; {own}", $"{Name}.50=x; {own}", $"{Name}=x; {own}", $"{Name}=; {own}", $"{Name}.0=; {own}", $"{Name}.2=; {own}",
            ])
        {
            var answer = await AskAsync(app, header);
            Assert.True((string?)answer.Json?["user"]?["name"] == "Ada", header[..40]);
            Assert.Equal("", Deleted(answer));
        }
    }

    [Fact]
    public async Task OfTwoSessionsOfOnePersonTheNewestCounts()
    {
        await using var app = await AuthApp.StartAsync();
        var older = TestTicket.Cookie(await app.BeginSessionAsync("ada", claims: new JsonObject { ["name"] = "Older" }));
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        var newer = TestTicket.Cookie(await app.BeginSessionAsync("ada", claims: new JsonObject { ["name"] = "Newer" }));
        foreach (var header in (string[])[$"{Name}={older}; {Name}={newer}", $"{Name}={newer}; {Name}={older}"])
        {
            Assert.Equal("Newer", (string?)(await AskAsync(app, header)).Json!["user"]!["name"]);
        }
    }

    [Fact]
    public async Task OfTwoPersonsNeitherIsBelievedUntilASignOutTakesTheHostsOwn()
    {
        await using var app = await AuthApp.StartAsync();
        var (ada, mallory) = (TestTicket.Cookie(await app.BeginSessionAsync("ada")), TestTicket.Cookie(await app.BeginSessionAsync("mallory")));
        foreach (var header in (string[])[$"{Name}={mallory}; {Name}={ada}", $"{Name}={ada}; {Name}={mallory}"])
        {
            var answer = await AskAsync(app, header);
            Assert.Equal(("null", ""), (answer.Text, Deleted(answer)));
            Assert.Equal("", Deleted(await AskAsync(app, header, HttpMethod.Post)));
        }

        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SessionCookiesConflict");
        using var browser = app.CreateClient();
        var page = await browser.FetchAsync(HttpMethod.Get, "/api/auth/signin", null, ("Accept", "text/html"), ("Cookie", $"{Name}={mallory}; {Name}={ada}"));
        Assert.Contains("Another site on this domain has set a sign-in cookie", page.Document.QuerySelector(".ba-message")!.TextContent, StringComparison.Ordinal);

        using var person = app.CreateBrowser();
        var signedOut = await person.FetchAsync(HttpMethod.Post, "/api/auth/signout", null, ("Cookie", $"{Name}={mallory}; {Name}={ada}"));
        Assert.Equal($"{Name}", Deleted(signedOut));
    }

    [Fact]
    public async Task NoMoreThanEightAreLookedAt()
    {
        await using var app = await AuthApp.StartAsync();
        var own = TestTicket.Cookie(await app.BeginSessionAsync("ada"));
        string Header(int garbage) => string.Join("; ", Enumerable.Range(0, garbage).Select(number => $"{Name}=x{number}").Append($"{Name}={own}"));
        Assert.NotEqual("null", (await AskAsync(app, Header(7))).Text);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "SessionCookiesConflict");
        Assert.Equal("null", (await AskAsync(app, Header(8))).Text);
        Assert.Contains("too many", Assert.Single(app.Logs.Own, line => line.Event.Name == "SessionCookiesConflict").Text, StringComparison.Ordinal);
    }

    // What is not looked at may be another person's.
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task GarbageBetweenTwoPersonsHidesNeither(int garbage)
    {
        await using var app = await AuthApp.StartAsync();
        var (mallory, own) = (TestTicket.Cookie(await app.BeginSessionAsync("mallory")), TestTicket.Cookie(await app.BeginSessionAsync("ada")));
        var between = Enumerable.Range(0, garbage).Select(number => $"{Name}=x{number}");
        Assert.Equal("null", (await AskAsync(app, string.Join("; ", between.Prepend($"{Name}={mallory}").Append($"{Name}={own}")))).Text);
    }

    // Which chunks belong together is not for their order to say: a neighbour's may stand before the one and behind the other, and the same one may come often.
    [Theory]
    [InlineData("0=garbage-behind 1=garbage-before")]
    [InlineData("0=garbage-before 1=garbage-behind")]
    [InlineData("0=garbage-before*12")]
    [InlineData("1=garbage-before*12")]
    [InlineData("0=garbage-before*9 1=garbage-behind")]
    [InlineData("1=garbage-before 2=garbage-behind")]
    public async Task GarbageAmongTheChunksOfAPersonDoesNotHideThem(string planted)
    {
        await using var app = await AuthApp.StartAsync();
        var mallory = TestTicket.Cookie(await app.BeginSessionAsync("mallory"));
        var own = TestTicket.Cookie(await app.BeginSessionAsync("ada", claims: new JsonObject { ["name"] = "Ada", ["fill"] = new string('x', 3000) }));
        var chunks = own.Chunk(ChunkedCookie.ChunkLength).Select((chunk, number) => $"{Name}.{number}={new string(chunk)}").ToList();
        Assert.Equal(2, chunks.Count);
        foreach (var part in planted.Split(' ').Select(part => part.Split('=', '*')))
        {
            var times = Enumerable.Repeat($"{Name}.{part[0]}={new string('g', part.Length > 2 ? 1 : ChunkedCookie.ChunkLength)}", part.Length > 2 ? int.Parse(part[2], System.Globalization.CultureInfo.InvariantCulture) : 1);
            chunks.InsertRange(part[1] == "garbage-before" ? 0 : chunks.Count, times);
        }

        Assert.Equal("null", (await AskAsync(app, string.Join("; ", chunks.Prepend($"{Name}={mallory}")))).Text);
    }

    [Fact]
    public async Task APlantedCsrfCookieDoesNotMakeAPersonsFormsWorthless()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        using var mallory = app.CreateBrowser();
        var (own, planted) = (await browser.CsrfTokenAsync(), await mallory.CsrfTokenAsync());
        var header = $"authjs.csrf-token={mallory.Cookies["authjs.csrf-token"]}; authjs.csrf-token=garbage; authjs.csrf-token={browser.Cookies["authjs.csrf-token"]}";
        using var client = app.CreateClient();
        foreach (var (token, passes) in new[] { (own, true), (planted, true), (new string('a', 64), false) })
        {
            var answer = await client.FetchAsync(
                HttpMethod.Post, "/api/auth/signout", new FormUrlEncodedContent([new("csrfToken", token)]), ("Cookie", header));
            Assert.Equal(passes, !answer.Location!.ToString().Contains("MissingCSRF", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task OverHttpsOnlyTheFirstCsrfCookieCounts()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.example"));
        using var browser = app.CreateBrowser();
        using var mallory = app.CreateBrowser();
        var (own, other) = (await browser.CsrfTokenAsync(), await mallory.CsrfTokenAsync());
        var header = $"__Host-authjs.csrf-token={browser.Cookies["__Host-authjs.csrf-token"]}; __Host-authjs.csrf-token={mallory.Cookies["__Host-authjs.csrf-token"]}";
        using var client = app.CreateClient();
        foreach (var (token, passes) in new[] { (own, true), (other, false) })
        {
            var answer = await client.FetchAsync(HttpMethod.Post, "/api/auth/signout", new FormUrlEncodedContent([new("csrfToken", token)]), ("Cookie", header));
            Assert.Equal(passes, !answer.Location!.ToString().Contains("MissingCSRF", StringComparison.Ordinal));
        }
    }

    private static async Task<Page> AskAsync(AuthApp app, string cookies, HttpMethod? method = null)
    {
        using var client = app.CreateClient();
        if (method != HttpMethod.Post)
        {
            return await client.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", cookies));
        }

        client.SendsFetchHeaders = true;
        var answer = await client.FetchAsync(
            HttpMethod.Post, "/api/auth/session", new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), ("Cookie", cookies));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }

    private static string Deleted(Page answer) => string.Join(
        ' ', answer.SetCookies.Where(cookie => cookie.Contains("Max-Age=0", StringComparison.Ordinal)).Select(cookie => cookie.Split('=')[0]));
}
