using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Scheme;

/// <summary>Reads and writes the session cookie of a request: which name it has here, and what is in it.</summary>
internal sealed class SessionCookie(
    IOptions<AuthOptions> options, CookieNames names, SessionToken tokens, SessionLifetimes lifetimes, PublicAddressSource addresses, SharedClock clock,
    IHostEnvironment host, ILogger<SessionCookie> logger)
{
    /// <summary>How long a browser remembers that it had a session: the session cookie itself expires with the session.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    // More than a profile alone ever needs, and still within the 4 KB of headers that proxies accept by default.
    private const int LongestUsual = 2800;

    private readonly SessionTicketCache _cache = new();
    private int _warned;
    private int _warnedOfHttp;

    /// <summary>What the request's cookie says; null when there is no cookie.</summary>
    public SessionCookieReading? Read(HttpContext http)
    {
        var isSecure = addresses.Unverified(http).IsSecure;
        var name = names.Session(isSecure);
        var isGuarded = names.IsSessionGuarded(isSecure);
        return !isGuarded && CookieCandidates.AreSeveral(http.Request, name) ? Choose(CookieCandidates.In(http.Request, name), name)
            : ChunkedCookie.Read(http.Request, name) is { } value ? Read(name, value, isGuarded)
            : options.Value.Session.AcceptNextAuth4Cookies ? ReadV4(http.Request, CookieNames.NextAuth4(isSecure))
            : null;
    }

    /// <summary>
    /// The session that a browser brings from next-auth 4; null when it brings none. Another site of this domain can set a cookie of that name: of several that decrypt,
    /// none is taken. What does not decrypt, such as chunks that were put together wrongly, is skipped.
    /// </summary>
    private SessionCookieReading? ReadV4(HttpRequest request, string name)
    {
        SessionCookieReading? only = null;
        foreach (var value in CookieCandidates.In(request, name) ?? [])
        {
            var reading = ReadV4(name, value);
            if (reading.Refusal != SessionRefusal.None && !IsAuthentic(reading.Refusal))
            {
                continue;
            }

            if (only is not null)
            {
                return null;
            }

            only = reading;
        }

        return only?.Refusal == SessionRefusal.None ? only : null;
    }

    private SessionCookieReading ReadV4(string name, string value)
    {
        if (_cache.Find(name, value) is { } known)
        {
            return new SessionCookieReading { Known = known };
        }

        var reading = tokens.ReadV4(value, clock.Earliest);
        return reading.Succeeded
            ? new SessionCookieReading { ForeignClaims = JsonObject.Create(reading.Claims), IsV4 = true, IsOfFirstSecret = reading.IsOfFirstSecret, Remember = adopted => _cache.Add(name, value, adopted) }
            : new SessionCookieReading { Refusal = reading.Refusal };
    }

    /// <summary>
    /// Of several sessions of one person, the newest. Of two people's, neither: one of them is not the visitor. Of more than are looked at, none: a second person's may
    /// be among them. What does not decrypt is skipped.
    /// </summary>
    private SessionCookieReading Choose(IReadOnlyList<string>? candidates, string name)
    {
        if (candidates is null)
        {
            return new SessionCookieReading { IsConflict = true };
        }

        SessionCookieReading? newest = null;
        SessionCookieReading? refused = null;
        foreach (var candidate in candidates)
        {
            var reading = Read(name, candidate, isGuarded: false);
            if (reading.UserId is null)
            {
                refused ??= reading;
            }
            else if (newest is not null && newest.UserId != reading.UserId)
            {
                return new SessionCookieReading { IsConflict = true };
            }
            else if (newest is null || newest.IssuedAt < reading.IssuedAt)
            {
                newest = reading;
            }
        }

        // The response cannot tell the browser which of them to delete.
        return (newest ?? refused ?? new SessionCookieReading { Refusal = SessionRefusal.Empty }) with { MayBeDeleted = false };
    }

    private SessionCookieReading Read(string name, string value, bool isGuarded)
    {
        if (_cache.Find(name, value) is { } cached)
        {
            return new SessionCookieReading { Known = cached };
        }

        var reading = tokens.Read(value, name, clock.Earliest);
        if (!reading.Succeeded)
        {
            return new SessionCookieReading { Refusal = reading.Refusal, MayBeDeleted = isGuarded || IsAuthentic(reading.Refusal) };
        }

        var claims = JsonObject.Create(reading.Claims)!;
        if (SessionTicket.FromToken(claims) is not { } ticket)
        {
            return new SessionCookieReading { ForeignClaims = claims, IsOfFirstSecret = reading.IsOfFirstSecret, Remember = adopted => _cache.Add(name, value, adopted) };
        }

        var known = new KnownTicket(lifetimes.Shortened(ticket), reading.IsCurrent);
        _cache.Add(name, value, known);
        return new SessionCookieReading { Known = known };
    }

    // Deleting only removes this app's own cookie, never the neighboring site's whose value this may have been.
    private static bool IsAuthentic(SessionRefusal refusal) => refusal is not (SessionRefusal.Empty or SessionRefusal.Malformed
        or SessionRefusal.UnknownAlgorithm or SessionRefusal.UnknownKey or SessionRefusal.Undecryptable);

    /// <summary>Whether the request carries what may be a session, good or not.</summary>
    public bool IsSent(HttpContext http) => ChunkedCookie.Read(http.Request, names.Session(addresses.Unverified(http).IsSecure)) is not null;

    public void Write(HttpContext http, SessionTicket ticket)
    {
        var address = addresses.Unverified(http);
        var name = names.Session(address.IsSecure);
        var value = tokens.Write(ticket.ToToken(), name, ticket.IssuedAt, ticket.ExpiresAt);
        if (value.Length > LongestUsual && Interlocked.Exchange(ref _warned, 1) == 0)
        {
            logger.SessionCookieLarge(value.Length);
        }

        if (!address.IsSecure && IsUnexpected(address) && Interlocked.Exchange(ref _warnedOfHttp, 1) == 0)
        {
            logger.SessionOverHttp();
        }

        _cache.Add(name, value, KnownTicket.Written(ticket));
        DateTimeOffset? expires = ticket.IsTransient ? null : ticket.ExpiresAt;
        ChunkedCookie.Write(http, name, value, expires, address.IsSecure, options.Value.Cookies.SameSite, options.Value.Cookies.Partitioned);
        DeleteFormer(http, address.IsSecure);
        // Lax regardless of the other cookies: only BlazorAuth's pages read it, and they are opened by navigation.
        new SetCookie(names.HadSession, "1", address.IsSecure, SameSiteMode.Lax) { Expires = expires + Remembered }.AppendTo(http.Response);
    }

    // With AUTH_URL, the start would have been refused.
    private bool IsUnexpected(PublicAddress address) =>
        !host.IsDevelopment() && options.Value.AllowHttp != true && !(WebUri.TryParse(address.BaseUrl, out var uri) && uri.IsLoopback);

    /// <summary>Whether this browser had a session a short while ago. It says nothing about the person.</summary>
    public bool HadSession(HttpRequest request) => CookieHeader.Find(request, names.HadSession) is not null;

    /// <summary>Takes note that the person ended the session: nothing is to be said about it.</summary>
    public void Forget(HttpContext http)
    {
        Delete(http);
        if (HadSession(http.Request))
        {
            SetCookie.Deletion(names.HadSession, addresses.Unverified(http).IsSecure, SameSiteMode.Lax).AppendTo(http.Response);
        }
    }

    /// <summary>Deletes every session cookie that the request carries.</summary>
    public void Delete(HttpContext http)
    {
        var address = addresses.Unverified(http);
        ChunkedCookie.Delete(http, names.Session(address.IsSecure), address.IsSecure, options.Value.Cookies.SameSite, options.Value.Cookies.Partitioned);
        DeleteFormer(http, address.IsSecure);
    }

    /// <summary>Deletes what an earlier set-up left in the browser: it would count again if that came back.</summary>
    private void DeleteFormer(HttpContext http, bool isSecure)
    {
        if (names.FormerSession(isSecure) is { } former)
        {
            ChunkedCookie.Delete(http, former, isSecure, options.Value.Cookies.SameSite, options.Value.Cookies.Partitioned);
        }

        if (options.Value.Session.AcceptNextAuth4Cookies)
        {
            ChunkedCookie.Delete(http, CookieNames.NextAuth4(isSecure), isSecure, SameSiteMode.Lax);
        }
    }
}
