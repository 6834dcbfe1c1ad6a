using System.Net;
using System.Text.Json.Nodes;
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

    public JsonNode? Json => JsonNode.Parse(Text);

    /// <summary>The address in the JSON that a client gets in place of a redirect.</summary>
    public string? Url => (string?)Json!["url"];

    /// <summary>Where a redirect leads, as an absolute address.</summary>
    public Uri? Location => Response.Headers.Location is { } location ? new Uri(Address, location) : null;

    public IReadOnlyList<string> SetCookies => Response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];

    public string? Query(string name) => Query(Address, name);

    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values)
        ? string.Join(", ", values) : null;

    public static string? Query(Uri address, string name) => QueryHelpers.ParseQuery(address.Query).TryGetValue(name, out var values) ? values[^1] : null;
}
