using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests;

/// <summary>A browser without script: cookies, redirects one by one, forms, and the <c>Sec-Fetch-*</c> headers that tell who asked.</summary>
internal sealed class Browser(Uri home, HttpMessageHandler network, TimeProvider clock) : IDisposable
{
    public const string Chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    /// <summary>What the browser calls itself.</summary>
    public string UserAgent { get; set; } = Chrome;

    private readonly HttpClient _client = new(network);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public CookieJar Cookies { get; } = new(clock, home.Host);

    /// <summary>Whether it sends <c>Sec-Fetch-*</c>; old browsers do not, and then the CSRF token has to do.</summary>
    public bool SendsFetchHeaders { get; set; } = true;

    /// <summary>Whether its cookies go along from every site, as those of an app with <c>SameSite=None</c> do: only the app's own checks are left.</summary>
    public bool SendsCookiesFromEverySite { get; set; }

    /// <summary>The other origin that the page of a fetching script is from.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether it follows a redirect to another origin; otherwise that redirect is the answer.</summary>
    public bool LeavesHome { get; init; }

    /// <summary>Everything secret or personal that passed through.</summary>
    public IEnumerable<string> Secrets =>
    [
        AuthApp.Secret, "stand-in-secret", "ya29.", "gho_", "@example.com", "@example.net", "Lovelace", "Hopper", .. _seen,
        .. Cookies.History.Where(cookie => !cookie.Name.EndsWith(".callback-url", StringComparison.Ordinal) && cookie.Value.Length > 12).Select(cookie => cookie.Value),
        .. Cookies.History.Where(cookie => cookie.Name.EndsWith(".csrf-token", StringComparison.Ordinal)).Select(cookie => cookie.Value[..64]),
    ];

    /// <summary>Types an address, and follows redirects.</summary>
    public Task<Page> OpenAsync(string address) => FollowAsync(Message(HttpMethod.Get, new Uri(home, address), "none"));

    /// <summary>Types an address, and stops at the first answer.</summary>
    public Task<Page> GetAsync(string address) => SendAsync(Message(HttpMethod.Get, new Uri(home, address), "none"));

    /// <summary>Follows a link, or a redirect that was held, from another site.</summary>
    public Task<Page> ArriveAsync(Uri address) => FollowAsync(Message(HttpMethod.Get, address, "cross-site"));

    /// <summary>Posts a form from a page of <paramref name="site"/> (<c>same-origin</c>, <c>same-site</c>, <c>cross-site</c>), and stops at the first answer.</summary>
    public Task<Page> PostAsync(string address, IEnumerable<KeyValuePair<string, string>>? fields = null, string site = "same-origin")
    {
        var message = Message(HttpMethod.Post, new Uri(home, address), site);
        message.Content = new FormUrlEncodedContent(fields ?? []);
        return SendAsync(message);
    }

    /// <summary>Presses a button of a page's form, with what was typed, and follows redirects.</summary>
    public Task<Page> PressAsync(Page page, string button = "button", params (string Name, string Value)[] typed) => FollowAsync(Form(page, button, typed));

    /// <summary>Presses a button and returns the first answer, without following it.</summary>
    public Task<Page> PressOnceAsync(Page page, string button = "button", params (string Name, string Value)[] typed) => SendAsync(Form(page, button, typed));

    /// <summary>A script's <c>fetch</c> on a page of the app, or of <see cref="Origin"/>. A header without a value is left out.</summary>
    public Task<Page> FetchAsync(HttpMethod method, string address, HttpContent? content = null, params (string Name, string? Value)[] headers)
    {
        var message = new HttpRequestMessage(method, new Uri(home, address)) { Content = content };
        message.Headers.Add("Accept", "*/*");
        AddFetch(message, "same-origin", "cors", "empty");
        foreach (var (name, value) in headers.Prepend(("Origin", Origin)))
        {
            message.Headers.Remove(name);
            if (value is not null)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return SendAsync(message);
    }

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
        var isCrossSitePost = !SendsCookiesFromEverySite && message.Method != HttpMethod.Get && message.Headers.TryGetValues("Sec-Fetch-Site", out var site) && site.Single() == "cross-site";
        if (Cookies.Header(address, isCrossSitePost) is { Length: > 0 } cookies)
        {
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
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

    /// <summary>Sends a request and follows redirects while they stay at home; one that leaves it is the answer, unless <see cref="LeavesHome"/>.</summary>
    public async Task<Page> FollowAsync(HttpRequestMessage message)
    {
        var hops = new List<Uri>();
        var site = message.Headers.TryGetValues("Sec-Fetch-Site", out var values) ? values.Single() : "none";
        while (true)
        {
            var page = await SendAsync(message);
            hops.Add(page.Address);
            Assert.True(hops.Count < 12, "A redirect loop: " + string.Join(" → ", hops));
            if (page.Status is not (HttpStatusCode.Found or HttpStatusCode.SeeOther) || (!LeavesHome && page.Location!.Authority != home.Authority))
            {
                return page with { Hops = hops };
            }

            message = Message(HttpMethod.Get, page.Location!, site);
        }
    }

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

        var content = new FormUrlEncodedContent(fields);
        var target = form.GetAttribute("action") is { Length: > 0 } action
            ? new Uri(new Uri(page.Address, page.Document.QuerySelector("base")?.GetAttribute("href") ?? ""), action)
            : page.Address;
        var site = target.Authority == page.Address.Authority ? "same-origin" : "cross-site";
        if (form.Method != "post")
        {
            using var query = new StreamReader(content.ReadAsStream());
            return Message(HttpMethod.Get, new UriBuilder(target) { Query = query.ReadToEnd() }.Uri, site);
        }

        var message = Message(HttpMethod.Post, target, site);
        message.Content = content;
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
