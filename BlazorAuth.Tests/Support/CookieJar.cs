using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace BlazorAuth.Tests;

/// <summary>A cookie as a browser keeps it.</summary>
internal sealed record BrowserCookie(string Name, string Value, string Header)
{
    public string Host { get; init; } = "";

    public string Path { get; init; } = "/";

    public bool Secure { get; init; }

    public bool HttpOnly { get; init; }

    public string SameSite { get; init; } = "Lax";

    public DateTimeOffset? Expires { get; init; }

    public bool IsForOtherSites => SameSite.Equals("None", StringComparison.OrdinalIgnoreCase);

    public static BrowserCookie Parse(string header, Uri address, DateTimeOffset now)
    {
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        var pair = parts[0].Split('=', 2);
        string? Attribute(string name) => parts.Skip(1).Select(part => part.Split('=', 2))
            .Where(part => part[0].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(part => part.ElementAtOrDefault(1) ?? "").FirstOrDefault();
        var maxAge = Attribute("Max-Age");
        return new BrowserCookie(pair[0], pair[1], header)
        {
            Host = address.Host,
            Path = Attribute("Path") ?? "/",
            Secure = Attribute("Secure") is not null,
            HttpOnly = Attribute("HttpOnly") is not null,
            SameSite = Attribute("SameSite") ?? "Lax",
            Expires = maxAge is not null ? now + TimeSpan.FromSeconds(long.Parse(maxAge, CultureInfo.InvariantCulture))
                : Attribute("Expires") is { } expires ? DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) : null,
        };
    }
}

/// <summary>A browser's cookies, which answers of requests at once may set: with the rules that matter: host, path, Secure, name prefixes, SameSite, and expiry by the app's clock.</summary>
internal sealed class CookieJar(TimeProvider clock, string host)
{
    private ImmutableList<BrowserCookie> _cookies = [];
    private ImmutableList<BrowserCookie> _history = [];

    /// <summary>Every value that ever was set, for what must not be logged.</summary>
    public IReadOnlyList<BrowserCookie> History => _history;

    public IReadOnlyList<BrowserCookie> All => [.. _cookies.Where(IsLive)];

    public string? this[string name]
    {
        get => Find(name)?.Value;
        set
        {
            var known = Find(name);
            ImmutableInterlocked.Update(ref _cookies, cookies => cookies.RemoveAll(cookie => cookie.Name == name));
            if (value is not null)
            {
                var cookie = known is null ? new BrowserCookie(name, value, "") { Host = host } : known with { Value = value };
                ImmutableInterlocked.Update(ref _cookies, cookies => cookies.Add(cookie));
            }
        }
    }

    public BrowserCookie? Find(string name) => _cookies.LastOrDefault(cookie => cookie.Name == name && IsLive(cookie));

    public void Clear() => _cookies = [];

    public void CopyTo(CookieJar other) => ImmutableInterlocked.Update(ref other._cookies, cookies => cookies.AddRange(_cookies));

    public void Store(Uri address, string header)
    {
        var cookie = BrowserCookie.Parse(header, address, clock.GetUtcNow());
        var isSecure = address.Scheme == "https" || address.IsLoopback;
        if ((cookie.Secure && !isSecure) || (cookie.IsForOtherSites && !cookie.Secure)
            || (cookie.Name.StartsWith("__", StringComparison.Ordinal) && (!cookie.Secure || address.Scheme != "https"))
            || (cookie.Name.StartsWith("__Host-", StringComparison.Ordinal) && cookie.Path != "/"))
        {
            return;
        }

        ImmutableInterlocked.Update(ref _history, history => history.Add(cookie));
        var isLive = IsLive(cookie);
        ImmutableInterlocked.Update(ref _cookies, cookies =>
        {
            var others = cookies.RemoveAll(known => known.Name == cookie.Name && known.Host == cookie.Host && known.Path == cookie.Path);
            return isLive ? others.Add(cookie) : others;
        });
    }

    public string Header(Uri address, bool isCrossSitePost) => string.Join("; ", _cookies
        .Where(cookie => IsLive(cookie) && cookie.Host == address.Host && Covers(cookie.Path, address.AbsolutePath)
            && (!cookie.Secure || address.Scheme == "https" || address.IsLoopback)
            && (!isCrossSitePost || cookie.IsForOtherSites))
        .OrderByDescending(cookie => cookie.Path.Length)
        .Select(cookie => $"{cookie.Name}={cookie.Value}"));

    private bool IsLive(BrowserCookie cookie) => cookie.Expires is not { } expires || expires > clock.GetUtcNow();

    private static bool Covers(string cookie, string path) => path == cookie
        || (path.StartsWith(cookie, StringComparison.Ordinal) && (cookie.EndsWith('/') || path[cookie.Length] == '/'));
}
