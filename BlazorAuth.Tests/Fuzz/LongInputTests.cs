using System.Text;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Fuzz;

/// <summary>What reads a text from outside takes no more for it than its length: otherwise a few kilobytes keep a processor busy.</summary>
public sealed class LongInputTests
{
    private const int Short = 1500;
    private const int Times = 8;

    private static readonly PublicAddress Origin = new("https", new HostString("app.example"), default);
    private static readonly FrontEndOrigins FrontEnds = new(["https://front.example"]);
    private static readonly SessionToken Tokens = new(new SessionKeyRing([AuthApp.Secret]));
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["return address"] = text => ReturnUrl.Parse(text, Origin, FrontEnds),
        ["decided address"] = text => ReturnUrl.Decided(text, Origin),
        ["cookies"] = text =>
        {
            var http = new DefaultHttpContext();
            http.Request.Headers.Cookie = text;
            CookieHeader.FindAll(http.Request, AuthApp.SessionCookie, CookieCandidates.Most);
            ChunkedCookie.Read(http.Request, AuthApp.SessionCookie);
            CookieCandidates.In(http.Request, AuthApp.SessionCookie);
            ChunkedCookie.Delete(http, AuthApp.SessionCookie, secure: false, SameSiteMode.Lax);
        },
        ["CSRF cookie"] = text => CsrfToken.FromCookies([text], AuthApp.Secret),
        ["token"] = text => Tokens.Read(text, AuthApp.SessionCookie, Now),
        ["token of next-auth 4"] = text => Tokens.ReadV4(text, Now),
        ["form"] = text => Body("application/x-www-form-urlencoded", text),
        ["JSON"] = text => Body("application/json", "{\"data\":\"" + text.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"}"),
        ["user agent"] = text => DeviceName.From(text),
        ["name"] = text => (ProviderText.Name(text), ProviderText.Email(text), ProviderText.Picture(text), LogText.Printable(text), ProviderText.SubjectProblem(text)).ToString(),
        ["front end"] = text => FrontEndOrigins.Problem(text),
    };

    public static TheoryData<string, string> Inputs()
    {
        var data = new TheoryData<string, string>();
        foreach (var reader in Readers.Keys)
        {
            foreach (var unit in (string[])
                [
                    "a", "%", "%41", "/", "//", "/../", "?", "&", "&a=b", "=", "; ", ";a=b", "authjs.session-token.1=x; ", "authjs.session-token=x; ", "|", ".", "..", "+", "ä", "\ud83d\ude00", "\u0301", "\u202e",
                    "/api/auth?callbackUrl=", "https://app.example/api/auth/signin?callbackUrl=", "(", "Mozilla/5.0 (", "[", "{\"a\":", "\\\"", "<b>", "a@b.", " ",
                ])
            {
                data.Add(reader, unit);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void EightTimesAsMuchTakesAboutEightTimesAsMuch(string reader, string unit)
    {
        var read = Readers[reader];
        Cost(read, unit, Short);

        var (little, much) = (Cost(read, unit, Short), Cost(read, unit, Short * Times));

        // What is copied a few times is no growth: forty bytes for a character.
        Assert.True(much <= (little * Times * 2) + (40 * Short * Times), $"{little} bytes for {Short} characters, {much} for {Times} times as many");
    }

    private static long Cost(Action<string> read, string unit, int length)
    {
        var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        read(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Body(string type, string text)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.ContentType, http.Request.Body) = ("POST", type, new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var read = AuthBody.ReadAsync(http.Request).AsTask();
        Assert.True(read.IsCompleted);
        try
        {
            var body = read.GetAwaiter().GetResult();
            _ = (body.Field("csrfToken"), body.Field("data"), body.Member("data"), body.Fields().Count);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidDataException or BadHttpRequestException)
        {
            // Answered with 400 or 413.
        }
    }
}
