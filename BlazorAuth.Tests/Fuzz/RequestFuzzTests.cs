using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Fuzz;

/// <summary>What reads a request, fed with whatever may come.</summary>
public sealed class RequestFuzzTests
{
    private const string Session = "authjs.session-token";

    private static readonly string Full = new('a', ChunkedCookie.ChunkLength);

    [Fact]
    public void NoCookieHeaderBreaksItsReaders()
    {
        var browsers = Browsers();
        Fuzzing.Check(Fuzzing.Any($"{Session}=t", $"{Session}.0={Full}", $"{Session}.1=b", $"{Session}.2=", Session, "authjs.browser=" + new string('A', 43), "authjs.browser=" + new string('Q', 43), "a=1", "; "), header =>
        {
            var http = Request(header);
            var first = CookieHeader.Find(http.Request, Session);
            var all = CookieHeader.FindAll(http.Request, Session, CookieCandidates.Most);
            var whole = ChunkedCookie.Read(http.Request, Session);
            var candidates = CookieCandidates.In(http.Request, Session);
            ChunkedCookie.Delete(http, Session, secure: false, SameSiteMode.Lax);
            browsers.Ensure(http);
            return first == (all.Count == 0 ? null : all[0]) && all.Count <= CookieCandidates.Most && candidates is not { Count: > CookieCandidates.Most }
                && (whole is null or "" || candidates is null or { Count: 0 } || candidates.Contains(whole) || CookieCandidates.AreSeveral(http.Request, Session))
                && http.Response.Headers.SetCookie.All(cookie => cookie!.StartsWith(Session + "=; Max-Age=0", StringComparison.Ordinal)
                    || cookie.StartsWith(Session + ".", StringComparison.Ordinal) || cookie.StartsWith("authjs.browser=", StringComparison.Ordinal))
                && http.Response.Headers.SetCookie.Sum(cookie => cookie!.Length) < 2500;
        });
    }

    [Fact]
    public async Task NoTextBreaksTheSearchForItsKey()
    {
        await using var app = await AuthApp.StartAsync();
        var unknown = app.Services.GetRequiredService<UnknownKeys>();
        Fuzzing.Check(Fuzzing.Any("CfDJ8", "CfDJ8" + new string('A', 23), "CfDJ8" + new string('/', 40), "%2B", "%2f", "+", "-", "_", "."), text =>
        {
            // At least the letters of the header and an ID.
            return !unknown.IsUnknown(text) || (text.Contains("CfDJ8", StringComparison.Ordinal) && text.Length >= 28);
        });
    }

    // Through the whole app: what its readers promise each by itself is of no use if something in front of them throws, or an answer has what no header can hold.
    [Fact]
    public async Task NoCookiesAndNoQueryBreakARequest()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 0);
        using var client = new HttpClient(app.CreateHandler());
        var requests =
            from path in Gen.Elements("/", "/page", "/api/auth/signin", "/api/auth/signout", "/api/auth/session", "/api/auth/error", "/api/auth/csrf", "/api/auth/callback/google", "/api/auth/account")
            from query in Fuzzing.Any("callbackUrl=", "error=", "state=", "code=", "iss=", "ref=", "%2F", "/page", "CfDJ8" + new string('A', 30), "CfDJ8........................", "%00", "&")
            from cookies in Fuzzing.Any(
                "authjs.callback-url=", "authjs.session-token=", "authjs.session-token.1=", "authjs.csrf-token=", "authjs.browser=", "authjs.return.", ".AspNetCore.Correlation.", "; ", "=", "%2F%00", "/page",
                "CfDJ8........................", "CfDJ8" + new string('A', 60), "%2Fpage%3Fx%3D")
            select (path, query, cookies);
        Fuzzing.Check(
            requests,
            sent =>
            {
                using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, sent.path + "?" + Uri.EscapeDataString(sent.query.Replace('\ud83d', 'x').Replace('\udd10', 'x')).Replace("%25", "%", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal)));
                message.Headers.TryAddWithoutValidation("Cookie", string.Concat(sent.cookies.Where(letter => letter is not ('\r' or '\n' or '\0'))));
                message.Headers.TryAddWithoutValidation("Accept", "text/html");
                using var answer = client.SendAsync(message, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
                return (int)answer.StatusCode < 500 && answer.Headers.All(header => header.Value.All(value => value.All(letter => letter is >= ' ' and <= '~')));
            },
            cost: 50);
    }

    [Fact]
    public void NoCsrfCookieIsOursUnlessWeMadeIt()
    {
        var ours = CsrfToken.Create(AuthApp.Secret);
        var foreign = CsrfToken.Create("another secret");
        Fuzzing.Check(Fuzzing.Any(ours.CookieValue, ours.Value, foreign.CookieValue, "|", ours.CookieValue.Split('|')[1]), value =>
        {
            var read = CsrfToken.FromCookies([value, ours.CookieValue + "x"], AuthApp.Secret);
            // What stands behind a second bar is nobody's business.
            var isOurs = value == ours.CookieValue || value.StartsWith(ours.CookieValue + "|", StringComparison.Ordinal);
            return isOurs == read.Matches(ours.Value) && !read.Matches(foreign.Value) && !read.Matches(value + "x") && (isOurs || read.IsNew);
        });
    }

    [Fact]
    public void NoAddressLeadsAnywhereElse()
    {
        var origin = new PublicAddress("https", new HostString("app.example"), "/shop");
        var allowed = new FrontEndOrigins(["https://front.example:8443"]);
        Fuzzing.Check(Fuzzing.Any("https://app.example", "https://front.example:8443", "/path", "evil.test", "https:", "http://", "javascript:", "data:", "//", ":443", "app.example", "/shop/api/auth/signin?callbackUrl=", "/api/auth/error", " ", "\u202e", "\u2066"), text =>
        {
            if (ReturnUrl.Parse(text, origin, allowed) is not { } parsed)
            {
                return true;
            }

            // As a browser reads it: nothing that it drops or turns, and behind the first three slashes the host alone.
            return parsed.Text.All(c => c is > ' ' and < '\u007f' and not '\\')
                && (StartsWith(parsed.Text, "https://app.example") || StartsWith(parsed.Text, "https://front.example:8443"));
        });

        static bool StartsWith(string text, string origin) =>
            text.StartsWith(origin, StringComparison.OrdinalIgnoreCase) && (text.Length == origin.Length || text[origin.Length] is '/' or '?' or '#');
    }

    [Fact]
    public void NoFormBreaksItsReader() => CheckBodies(
        Gen.Elements(
            "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded;charset=utf-16", "application/x-www-form-urlencoded; charset=\"\"",
            "multipart/form-data; boundary=x", "text/plain", ";"),
        Fuzzing.Any("csrfToken=x", "callbackUrl=%2Fpage", "json=true", "circuit=c", "&&", "a=b&a=c", "=", "%", "+"));

    [Fact]
    public void NoJsonBreaksItsReader() => CheckBodies(
        Gen.Elements("application/json", "application/json; charset=utf-16", "application/json;charset=utf-7", "APPLICATION/JSON"),
        Fuzzing.Any(
            "{\"data\":{\"name\":\"x\"}}", "{\"circuit\":\"c\",\"csrfToken\":null}", "{\"data\":\"\\ud83d\"}", "{\"\\ud83d\":1}", "[1,2]", "\"text\"", "{}", "1e400", ":", ",", "\\u", "\\udd10", "{\"a\":", "\"data\""));

    [Fact]
    public async Task NoHeadersOfAnotherOriginMakeItsRequestCount()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.example"));
        var check = app.Services.GetRequiredService<OriginCheck>();
        var headers =
            from origin in Fuzzing.Any("https://app.example", "http://app.example:443", "https://evil.test", "null", "app.example", "https://", "@", ":443", ":8443")
            from site in Gen.Elements(null, null, "same-origin", "same-site", "cross-site", "none", "Same-Origin", "same-origin ", "none,none")
            from upgrade in Gen.Elements(null, "websocket", "WebSocket, h2c", "x")
            from method in Gen.Elements("POST", "GET", "PUT", "CONNECT")
            select (origin, site, upgrade, method);
        Fuzzing.Check(headers, sent =>
        {
            var http = new DefaultHttpContext { RequestServices = app.Services };
            (http.Request.Method, http.Request.Scheme, http.Request.Host) = (sent.method, "https", new HostString("app.example"));
            http.Request.Headers.Origin = sent.origin;
            http.Request.Headers["Sec-Fetch-Site"] = sent.site;
            http.Request.Headers.Upgrade = sent.upgrade;
            var isJudged = sent.method != "GET" || sent.upgrade?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true;
            var isOwn = sent.site is "same-origin" or "none"
                || (sent.site is null && IsOwn(sent.origin));
            var verdict = check.IsForeignAsync(http);
            return verdict.IsCompletedSuccessfully && verdict.Result == (isJudged && !isOwn);
        });

        static bool IsOwn(string origin) => origin.ToLowerInvariant() is "https://app.example" or "https://app.example:443" or "http://app.example" or "http://app.example:80";
    }

    private static void CheckBodies(Gen<string> types, Gen<string> bodies) =>
        Fuzzing.Check(from type in types from body in bodies select (type, body), sent =>
        {
            var http = new DefaultHttpContext();
            (http.Request.Method, http.Request.ContentType, http.Request.Body) = ("POST", sent.type, new MemoryStream(Encoding.UTF8.GetBytes(sent.body)));
            try
            {
                var read = AuthBody.ReadAsync(http.Request);
                Assert.True(read.IsCompleted);
                var body = read.GetAwaiter().GetResult();
                _ = (body.Field("csrfToken"), body.Field("circuit"), body.Field("data"), body.Member("data"), body.Fields().Count, body.Fields()["callbackUrl"].ToString());
                return true;
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException or BadHttpRequestException)
            {
                // The three that the reader promises: they are answered with 400 or 413.
                return true;
            }
        });

    private static BlazorAuth.Http.Cookies.BrowserCookie Browsers()
    {
        var options = Options.Create(new AuthOptions());
        return new(options, new CookieNames(options), new PublicAddressSource(options, new Environment(), new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()));
    }

    private static DefaultHttpContext Request(string cookies)
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host) = ("http", new HostString("app.example"));
        http.Request.Headers.Cookie = cookies;
        return http;
    }

    private sealed class Environment : Microsoft.Extensions.Hosting.IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Development";

        public string ApplicationName { get; set; } = "Fuzz";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
