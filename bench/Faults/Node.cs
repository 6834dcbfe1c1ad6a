using System.Net;

namespace BlazorAuth.Bench.Faults;

/// <summary>A node of a trial, and what people and probes ask it.</summary>
internal sealed class Node(Child process, int port)
{
    private const string Cookie = "authjs.session-token";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public Child Process => process;

    public int Port => port;

    public async Task<bool> IsThereAsync()
    {
        try
        {
            return (await GetAsync("/healthz/live")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            return false;
        }
    }

    public async Task<string> HealthAsync() => (await GetAsync("/healthz/ready")).Text;

    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(At(path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Signs somebody in, and returns their cookie; null where that fails with a 503.</summary>
    public async Task<string?> SignInAsync(string user = "ada")
    {
        using var answer = await PostAsync("/api/auth/callback/password", null, new FormUrlEncodedContent([new("username", user), new("password", "x")]));
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        var cookie = SessionCookie(answer);
        Bench.Check(answer.StatusCode == HttpStatusCode.Found && !string.IsNullOrEmpty(cookie), $"a sign-in gives a session, not {(int)answer.StatusCode}");
        return cookie;
    }

    /// <summary>Whether a cookie is believed.</summary>
    public async Task<bool> BelievesAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/api/auth/session")) { Headers = { { "Cookie", $"{Cookie}={cookie}" } } };
        using var answer = await Http.SendAsync(request);
        Bench.Check(answer.StatusCode == HttpStatusCode.OK, $"GET session answers, not {(int)answer.StatusCode}");
        var isBelieved = await answer.Content.ReadAsStringAsync() != "null";
        Bench.Check(!isBelieved || SessionCookie(answer) != "", "the cookie of a live session is not deleted");
        return isBelieved;
    }

    /// <summary>Whether the answer to a cookie deletes it.</summary>
    public async Task<bool> DeletesAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/api/auth/session")) { Headers = { { "Cookie", $"{Cookie}={cookie}" } } };
        using var answer = await Http.SendAsync(request);
        return SessionCookie(answer) == "";
    }

    public async Task SignOutAsync(string cookie)
    {
        using var answer = await PostAsync("/api/auth/signout", cookie, new FormUrlEncodedContent([]));
        Bench.Check(answer.StatusCode == HttpStatusCode.Found, $"a sign-out is acknowledged, not {(int)answer.StatusCode}");
    }

    private Uri At(string path) => new($"http://127.0.0.1:{port}{path}");

    private static string? SessionCookie(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies)
        ? cookies.Where(cookie => cookie.StartsWith(Cookie + "=", StringComparison.Ordinal)).Select(cookie => cookie.Split(';')[0][(Cookie.Length + 1)..]).FirstOrDefault()
        : null;

    private Task<HttpResponseMessage> PostAsync(string path, string? cookie, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = content };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"{Cookie}={cookie}");
        }

        return Http.SendAsync(request);
    }
}
