using System.Net;
using System.Net.Sockets;

namespace BlazorAuth.Tests.Flows;

/// <summary>A sign-in that fails: how it is made to, and the page that names the cause, offers the same provider and destination again and shows a reference that is in the log.</summary>
internal static class FailedSignIn
{
    public const string Destination = "/page?to=here";

    /// <summary>What a provider answers in place of what it should.</summary>
    public static Func<CancellationToken, Task<HttpResponseMessage>> Fault(string name) => _ => name switch
    {
        "refused" => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        "timeout" => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException()),
        "500" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("<html>down</html>") }),
        "429" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests)),
        "html" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>hello</html>") }),
        "empty" => Task.FromResult(FakeProvider.Json("")),
        "array" => Task.FromResult(FakeProvider.Json("[1,2]")),
        "number" => Task.FromResult(FakeProvider.Json("42")),
        "no-token" => Task.FromResult(FakeProvider.Json("{\"token_type\":\"Bearer\"}")),
        "secret-in-error" => Task.FromResult(FakeProvider.Json("{\"error\":\"unauthorized_client\",\"error_description\":\"secret-of-the-provider\"}", HttpStatusCode.BadRequest)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static async Task AssertAsync(
        AuthApp app, Browser browser, Page page, string provider, int status, string path, string error, string cause, bool isSignedIn = false)
    {
        Assert.Equal(status, (int)page.Status);
        Assert.Equal(path, page.Address.AbsolutePath);
        Assert.Equal(error, page.Query("error"));
        Assert.Contains(cause, page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("[role=alert]"));

        var retry = page.Document.QuerySelector("button.ba-provider")!.Closest("form")!;
        Assert.Equal($"/api/auth/signin/{provider}", retry.GetAttribute("action"));
        Assert.Equal(new Uri(app.Address, Destination).ToString(), retry.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value"));

        var reference = page.Query("reference")!;
        Assert.Matches("^[2-9A-Z]{8}$", reference);
        Assert.Contains(app.Logs.Own, line => line.Text.Contains(reference, StringComparison.Ordinal) && line.Text.Contains(provider, StringComparison.Ordinal));
        Assert.Equal(isSignedIn, await browser.SessionAsync() != "null");
        app.Logs.AssertHoldsNone(browser.Secrets);
    }
}
