using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// A cookie to set, written as Auth.js writes it: percent-encoded value, and attributes in its order and spelling.
/// Always HttpOnly and for the whole site.
/// </summary>
internal readonly record struct SetCookie(string Name, string Value, bool Secure, SameSiteMode SameSite)
{
    public TimeSpan? MaxAge { get; init; }

    public bool Partitioned { get; init; }

    /// <summary>Where it is sent. Default: everywhere.</summary>
    public string Path { get; init; } = "/";

    /// <summary>When the browser forgets it; with no <see cref="MaxAge"/> either, at the end of the browser session.</summary>
    public DateTimeOffset? Expires { get; init; }

    public static SetCookie Deletion(string name, bool secure, SameSiteMode sameSite, bool partitioned = false) =>
        new(name, "", secure, sameSite) { MaxAge = TimeSpan.Zero, Partitioned = partitioned };

    /// <summary>Sets it, unless its name, which a request may have brought, is one that the server sends in no header: it would answer with an error.</summary>
    public void AppendTo(HttpResponse response)
    {
        if (!Name.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            response.Headers.Append("Set-Cookie", ToString());
        }
    }

    public override string ToString()
    {
        var header = new StringBuilder(Name.Length + Value.Length + 96).Append(Name).Append('=').Append(Encode(Value));
        if (MaxAge is { } maxAge)
        {
            header.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)maxAge.TotalSeconds}");
        }

        header.Append("; Path=").Append(Path ?? "/");
        if (Expires is { } expires)
        {
            header.Append(CultureInfo.InvariantCulture, $"; Expires={expires.UtcDateTime:R}");
        }

        header.Append("; HttpOnly");
        // Browsers take a cookie for other sites only with Secure; on localhost they take that over http too.
        if (Secure || SameSite == SameSiteMode.None)
        {
            header.Append("; Secure");
        }

        if (SameSite != SameSiteMode.Unspecified)
        {
            header.Append("; SameSite=").Append(SameSite);
        }

        return Partitioned ? header.Append("; Partitioned").ToString() : header.ToString();
    }

    /// <summary>What <c>encodeURIComponent</c> does, which leaves five more characters alone than the platform's method.</summary>
    public static string Encode(string value)
    {
        var escaped = Uri.EscapeDataString(value);
        return ReferenceEquals(escaped, value)
            ? value
            : new StringBuilder(escaped).Replace("%21", "!").Replace("%27", "'").Replace("%28", "(").Replace("%29", ")").Replace("%2A", "*").ToString();
    }
}
