using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A client with a cookie jar that follows no redirects. With an origin its requests look like those of a page there.</summary>
internal sealed class HttpUser(Uri server, string? origin) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server };

    // As browsers see localhost: secure without https.
    private readonly Uri _jar = new UriBuilder(server) { Scheme = Uri.UriSchemeHttps }.Uri;

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path)) { Content = content };
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Cookies.GetCookieHeader(_jar) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var values))
        {
            foreach (var value in values)
            {
                Cookies.SetCookies(_jar, value);
            }
        }

        return response;
    }

    public Task<HttpResponseMessage> PreflightAsync(string path, string method = "POST", string headers = "content-type,x-auth-return-redirect") =>
        SendAsync(HttpMethod.Options, path, null, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    public async Task<string> CsrfAsync() => (string)(await JsonAsync(await GetAsync("/api/auth/csrf")))!["csrfToken"]!;

    /// <summary>Posts a form with the CSRF token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields, params (string Name, string Value)[] headers)
    {
        using var form = new FormUrlEncodedContent(fields.Append(KeyValuePair.Create("csrfToken", await CsrfAsync())));
        return await SendAsync(HttpMethod.Post, path, form, headers);
    }

    public Task<HttpResponseMessage> SignInAsync(string user = "ada", params (string Name, string Value)[] headers) =>
        PostAsync("/api/auth/callback/password", new() { ["user"] = user, ["password"] = user }, headers);

    public async Task<JsonNode?> SessionAsync() => await JsonAsync(await GetAsync("/api/auth/session"));

    public static async Task<JsonNode?> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    public void Dispose() => _client.Dispose();
}
