using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace BlazorAuth.Tests.StandIns;

/// <summary>A page a browser arrived at, and every address it went through.</summary>
internal sealed record BrowserPage(Uri Address, HttpStatusCode Status, string Text, IReadOnlyList<Uri> Hops, HttpResponseMessage Response)
{
    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(Text);
}

/// <summary>Cookies, redirects and form posts, without script.</summary>
internal sealed class StandInBrowser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;

    public StandInBrowser(HttpMessageHandler? handler = null)
    {
        _client = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    public Task<BrowserPage> OpenAsync(Uri address) => SendAsync(HttpMethod.Get, address, null);

    /// <summary>Sends one request and follows nothing.</summary>
    public async Task<HttpResponseMessage> RequestAsync(HttpMethod method, Uri address, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var values))
        {
            foreach (var value in values)
            {
                _cookies.SetCookies(address, value);
            }
        }

        return response;
    }

    /// <summary>Presses a button of a form, as a browser without script does.</summary>
    public Task<BrowserPage> PressAsync(BrowserPage page, string button, IReadOnlyDictionary<string, string>? typed = null)
    {
        var pressed = page.Document.QuerySelector<IHtmlButtonElement>(button)
            ?? throw new InvalidOperationException($"No button {button} on {page.Address}: {page.Text}");
        var form = pressed.Form!;
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Select(input => KeyValuePair.Create(input.Name!, typed?.GetValueOrDefault(input.Name!) ?? input.Value))
            .Append(KeyValuePair.Create(pressed.Name!, pressed.Value))
            .ToList();
        var target = new Uri(page.Address, form.GetAttribute("action"));
        return form.Method == "post"
            ? SendAsync(HttpMethod.Post, target, new FormUrlEncodedContent(fields))
            : SendAsync(HttpMethod.Get, new Uri(target, "?" + string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"))), null);
    }

    public void Dispose() => _client.Dispose();

    private async Task<BrowserPage> SendAsync(HttpMethod method, Uri address, HttpContent? content)
    {
        var hops = new List<Uri> { address };
        while (true)
        {
            var response = await RequestAsync(method, address, content);
            if (response.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther && hops.Count < 20)
            {
                address = new Uri(address, response.Headers.Location!);
                (method, content) = (HttpMethod.Get, null);
                hops.Add(address);
                continue;
            }

            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new BrowserPage(address, response.StatusCode, text, hops, response);
        }
    }
}
