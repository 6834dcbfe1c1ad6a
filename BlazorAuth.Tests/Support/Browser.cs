using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests;

/// <summary>An answer, where it came from, and the redirects on the way.</summary>
internal sealed record Page(Uri Address, HttpResponseMessage Response, string Text, IReadOnlyList<Uri> Hops)
{
    private IHtmlDocument? _document;

    public HttpStatusCode Status => Response.StatusCode;

    public IHtmlDocument Document => _document ??= new HtmlParser().ParseDocument(Text);

    /// <summary>Where a redirect leads, as an absolute address.</summary>
    public Uri? Location => Response.Headers.Location is { } location ? new Uri(Address, location) : null;

    public IReadOnlyList<string> SetCookies => Response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];

    public string? Query(string name) => QueryHelpers.ParseQuery(Address.Query).TryGetValue(name, out var values) ? values[^1] : null;

    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values)
        ? string.Join(", ", values) : null;
}

/// <summary>A browser without script: cookies, redirects one by one, forms, and the <c>Sec-Fetch-*</c> headers that tell who asked.</summary>
internal sealed class Browser(AuthApp app) : IDisposable
{
    public const string Chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    private readonly HttpClient _client = new(app.CreateHandler());
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public CookieJar Cookies { get; } = new(app.Clock, app.Address.Host);

    /// <summary>Whether it sends <c>Sec-Fetch-*</c>; old browsers do not, and then the CSRF token has to do.</summary>
    public bool SendsFetchHeaders { get; set; } = true;

    /// <summary>Types an address, and follows redirects.</summary>
    public Task<Page> OpenAsync(string address) => FollowAsync(Message(HttpMethod.Get, new Uri(app.Address, address), "none"));

    /// <summary>Types an address, and stops at the first answer.</summary>
    public Task<Page> GetAsync(string address) => SendAsync(Message(HttpMethod.Get, new Uri(app.Address, address), "none"));

    /// <summary>Follows a link, or a redirect that was held, from another site.</summary>
    public Task<Page> ArriveAsync(Uri address) => FollowAsync(Message(HttpMethod.Get, address, "cross-site"));

    /// <summary>Posts a form from a page of <paramref name="site"/> (<c>same-origin</c>, <c>same-site</c>, <c>cross-site</c>), and stops at the first answer.</summary>
    public Task<Page> PostAsync(string address, IEnumerable<KeyValuePair<string, string>>? fields = null, string site = "same-origin")
    {
        var message = Message(HttpMethod.Post, new Uri(app.Address, address), site);
        message.Content = new FormUrlEncodedContent(fields ?? []);
        return SendAsync(message);
    }

    /// <summary>Presses a button of a page's form, with what was typed, and follows redirects.</summary>
    public Task<Page> PressAsync(Page page, string button = "button", params (string Name, string Value)[] typed) => FollowAsync(Form(page, button, typed));

    /// <summary>Presses a button, and stops at the first answer.</summary>
    public Task<Page> PressOnceAsync(Page page, string button = "button", params (string Name, string Value)[] typed) => SendAsync(Form(page, button, typed));

    /// <summary>Signs in at a stand-in as one of its people and returns where that ends.</summary>
    public async Task<Page> SignInAsync(string provider, string person = "ada", string callbackUrl = "/page", string? fault = null) =>
        await ChooseAsync(await StartSignInAsync(provider, callbackUrl), person, fault);

    /// <summary>Starts a sign-in on the provider's page and arrives where the provider wants it.</summary>
    public async Task<Page> StartSignInAsync(string provider, string callbackUrl = "/page") =>
        await PressAsync(await OpenAsync($"/api/auth/signin/{provider}?callbackUrl={Uri.EscapeDataString(callbackUrl)}"));

    /// <summary>Chooses a person at a stand-in's picker.</summary>
    public Task<Page> ChooseAsync(Page picker, string person = "ada", string? fault = null) =>
        PressAsync(picker, $"button[value={person}]", fault is null ? [] : [(BlazorAuth.App.StandIns.PickerChoice.FaultField, fault)]);

    /// <summary>What <c>GET session</c> says, as a script of the page asks.</summary>
    public async Task<string> SessionAsync() => (await FetchAsync(HttpMethod.Get, "/api/auth/session")).Text;

    /// <summary>A script's <c>fetch</c> on a page of the app.</summary>
    public Task<Page> FetchAsync(HttpMethod method, string address, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(method, new Uri(app.Address, address)) { Content = content };
        message.Headers.Add("Accept", "*/*");
        AddFetch(message, "same-origin", "cors", "empty");
        foreach (var (name, value) in headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return SendAsync(message);
    }

    /// <summary>The token for forms.</summary>
    public async Task<string> CsrfTokenAsync() =>
        System.Text.Json.JsonDocument.Parse((await FetchAsync(HttpMethod.Get, "/api/auth/csrf")).Text).RootElement.GetProperty("csrfToken").GetString()!;

    /// <summary>A request of a page, with the headers of a browser, to be changed before it is sent.</summary>
    public HttpRequestMessage Message(HttpMethod method, Uri address, string site)
    {
        var message = new HttpRequestMessage(method, address);
        message.Headers.Add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        AddFetch(message, site, "navigate", "document");
        if (method == HttpMethod.Post)
        {
            message.Headers.Add("Origin", site == "same-origin" ? address.GetLeftPart(UriPartial.Authority) : "https://elsewhere.example");
        }

        return message;
    }

    /// <summary>Sends one request and follows nothing.</summary>
    public async Task<Page> SendAsync(HttpRequestMessage message)
    {
        var address = message.RequestUri!;
        var isCrossSitePost = message.Method != HttpMethod.Get && message.Headers.TryGetValues("Sec-Fetch-Site", out var site) && site.Single() == "cross-site";
        if (Cookies.Header(address, isCrossSitePost) is { Length: > 0 } cookies)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        message.Headers.TryAddWithoutValidation("User-Agent", Chrome);
        Remember(address);
        var response = await _client.SendAsync(message, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var values))
        {
            foreach (var value in values)
            {
                Cookies.Store(address, value);
            }
        }

        return new Page(address, response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), [address]);
    }

    /// <summary>Sends a request and follows redirects while they stay in the app; one that leaves it is the answer.</summary>
    public async Task<Page> FollowAsync(HttpRequestMessage message)
    {
        var hops = new List<Uri>();
        var site = message.Headers.TryGetValues("Sec-Fetch-Site", out var values) ? values.Single() : "none";
        while (true)
        {
            var page = await SendAsync(message);
            hops.Add(page.Address);
            Assert.True(hops.Count < 12, "A redirect loop: " + string.Join(" → ", hops));
            if (page.Status is not (HttpStatusCode.Found or HttpStatusCode.SeeOther) || page.Location!.Authority != app.Address.Authority)
            {
                return page with { Hops = hops };
            }

            message = Message(HttpMethod.Get, page.Location, site);
        }
    }

    /// <summary>Fails when the app logged something secret or personal that passed through this browser.</summary>
    public void AssertNothingSecretWasLogged() => app.Logs.AssertHoldsNone(
        [
            AuthApp.Secret, "stand-in-secret", "ya29.", "gho_", "@example.com", "@example.net", .. _seen,
            .. Cookies.History.Where(cookie => !cookie.Name.EndsWith(".callback-url", StringComparison.Ordinal) && cookie.Value.Length > 12).Select(cookie => cookie.Value),
            .. Cookies.History.Where(cookie => cookie.Name.EndsWith(".csrf-token", StringComparison.Ordinal)).Select(cookie => cookie.Value[..64]),
        ]);

    public void Dispose() => _client.Dispose();

    private void Remember(Uri address)
    {
        var query = QueryHelpers.ParseQuery(address.Query);
        foreach (var name in (string[])["code", "state", "code_challenge", "nonce"])
        {
            if (query.TryGetValue(name, out var values) && values.ToString().Length >= 6)
            {
                _seen.Add(values.ToString());
            }
        }
    }

    private HttpRequestMessage Form(Page page, string button, (string Name, string Value)[] typed)
    {
        var pressed = page.Document.QuerySelector<IHtmlButtonElement>(button)
            ?? throw new InvalidOperationException($"No button {button} on {page.Address}: {page.Text}");
        var form = pressed.Form!;
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(input => input.Type is not ("radio" or "checkbox") || input.IsChecked)
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))
            .Where(field => typed.All(entry => entry.Name != field.Key))
            .Concat(typed.Select(entry => KeyValuePair.Create(entry.Name, entry.Value)))
            .ToList();
        if (pressed.Name is { Length: > 0 } name)
        {
            fields.Add(KeyValuePair.Create(name, pressed.Value));
        }

        var target = new Uri(page.Address, form.GetAttribute("action"));
        var message = Message(HttpMethod.Post, target, target.Authority == page.Address.Authority ? "same-origin" : "cross-site");
        message.Content = new FormUrlEncodedContent(fields);
        return message;
    }

    private void AddFetch(HttpRequestMessage message, string site, string mode, string destination)
    {
        if (SendsFetchHeaders)
        {
            message.Headers.Add("Sec-Fetch-Site", site);
            message.Headers.Add("Sec-Fetch-Mode", mode);
            message.Headers.Add("Sec-Fetch-Dest", destination);
        }
    }
}
