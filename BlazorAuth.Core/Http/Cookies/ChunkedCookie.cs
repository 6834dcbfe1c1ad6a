using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// How a session token travels: in one cookie, or in chunks <c>{name}.0</c>, <c>{name}.1</c>, … when it is too long for one.
/// Only these exact names are BlazorAuth's; other names with the same prefix are left alone.
/// </summary>
internal static class ChunkedCookie
{
    /// <summary>4096, what every browser takes, less an allowance of 160 for name and attributes.</summary>
    public const int ChunkLength = 3936;

    /// <summary>Far above what servers take as headers (32 KB in Kestrel). More chunks than this are not put together.</summary>
    public const int MaxChunks = 20;

    /// <summary>
    /// The token in the request; <see langword="null"/> when there is none, and empty when something came that makes no token
    /// (a chunk is missing, or there are too many). A whole cookie goes before chunks.
    /// </summary>
    public static string? Read(HttpRequest request, string name)
    {
        string?[]? chunks = null;
        var (count, wholeSeen, tooMany) = (0, false, false);
        foreach (var cookie in CookieHeader.In(request))
        {
            if (!TryGetNumber(cookie.Name, name, out var number))
            {
                continue;
            }

            if (number < 0)
            {
                if (!wholeSeen && !cookie.Value.IsEmpty)
                {
                    return CookieHeader.Decode(cookie.Value);
                }

                wholeSeen = true;
            }
            else if (number >= MaxChunks)
            {
                tooMany |= !cookie.Value.IsEmpty;
            }
            else if ((chunks ??= new string?[MaxChunks])[number] is null)
            {
                chunks[number] = CookieHeader.Decode(cookie.Value);
                count += cookie.Value.IsEmpty ? 0 : 1;
            }
        }

        if (count == 0 || tooMany)
        {
            return tooMany ? "" : null;
        }

        var used = chunks.AsSpan(0, count);
        foreach (var chunk in used)
        {
            if (string.IsNullOrEmpty(chunk))
            {
                return "";
            }
        }

        return string.Concat(used);
    }

    /// <summary>Sets the cookie, whole or in chunks (without <paramref name="expires"/> until the browser is closed), and deletes what the request brought and this value does not use.</summary>
    public static void Write(HttpContext context, string name, string value, DateTimeOffset? expires, bool secure, SameSiteMode sameSite, bool partitioned = false)
    {
        var count = (value.Length + ChunkLength - 1) / ChunkLength;
        if (count is 0 or > MaxChunks)
        {
            throw new InvalidOperationException(
                $"A session token of {value.Length} characters does not fit into cookies (limit: {MaxChunks * ChunkLength}). Put less into its claims.");
        }

        ForgetPending(context.Response, name);
        for (var i = 0; i < count; i++)
        {
            var (start, length) = (i * ChunkLength, Math.Min(ChunkLength, value.Length - (i * ChunkLength)));
            new SetCookie(count == 1 ? name : ChunkName(name, i), value.Substring(start, length), secure, sameSite) { Expires = expires, Partitioned = partitioned }
                .AppendTo(context.Response);
        }

        DeleteReceived(context, name, secure, sameSite, partitioned, usesWhole: count == 1, usedChunks: count == 1 ? 0 : count);
    }

    /// <summary>Deletes the cookie and every chunk that the request brought, and takes back what this answer had set before.</summary>
    public static void Delete(HttpContext context, string name, bool secure, SameSiteMode sameSite, bool partitioned = false)
    {
        ForgetPending(context.Response, name);
        DeleteReceived(context, name, secure, sameSite, partitioned, usesWhole: false, usedChunks: 0);
    }

    // Only cookies that can have been a session: a response that deletes everything a neighboring site has set would exceed the limits of proxies.
    private static void DeleteReceived(
        HttpContext context, string name, bool secure, SameSiteMode sameSite, bool partitioned, bool usesWhole, int usedChunks)
    {
        Span<bool> received = stackalloc bool[MaxChunks];
        var wholeReceived = false;
        foreach (var cookie in CookieHeader.In(context.Request))
        {
            if (TryGetNumber(cookie.Name, name, out var number) && number < MaxChunks)
            {
                (number < 0 ? ref wholeReceived : ref received[number]) = true;
            }
        }

        if (wholeReceived && !usesWhole)
        {
            SetCookie.Deletion(name, secure, sameSite, partitioned).AppendTo(context.Response);
        }

        for (var i = usedChunks; i < MaxChunks; i++)
        {
            if (received[i])
            {
                SetCookie.Deletion(ChunkName(name, i), secure, sameSite, partitioned).AppendTo(context.Response);
            }
        }
    }

    /// <summary>One answer must not renew a session in some cookies and delete it in others.</summary>
    private static void ForgetPending(HttpResponse response, string name) => response.Headers.SetCookie = new StringValues(
        [.. response.Headers.SetCookie.Where(header => header is null || !TryGetNumber(header.AsSpan(0, Math.Max(0, header.IndexOf('='))), name, out _))]);

    private static string ChunkName(string name, int number) => name + "." + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>-1 for the cookie itself, otherwise the chunk's number, in its canonical form: no sign, no leading zero.</summary>
    public static bool TryGetNumber(ReadOnlySpan<char> cookie, string name, out int number)
    {
        const int Foreign = -2;
        number = !cookie.StartsWith(name, StringComparison.Ordinal) ? Foreign : cookie[name.Length..] switch
        {
            [] => -1,
            ['.', >= '0' and <= '9' and var ones] => ones - '0',
            ['.', >= '1' and <= '9' and var tens, >= '0' and <= '9' and var ones] => ((tens - '0') * 10) + ones - '0',
            _ => Foreign,
        };
        return number != Foreign;
    }
}
