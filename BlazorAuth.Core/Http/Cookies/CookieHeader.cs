using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// The cookies of a request as Auth.js reads them: case-sensitive names, the first of a name wins, values percent-decoded.
/// The platform's own collection ignores case, lets the last win and drops some values. Foreign cookies cost no allocation.
/// </summary>
internal static class CookieHeader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The first cookie of this name, decoded; <see langword="null"/> when there is none.</summary>
    public static string? Find(HttpRequest request, string name)
    {
        foreach (var cookie in In(request))
        {
            if (cookie.Name.SequenceEqual(name))
            {
                return Decode(cookie.Value);
            }
        }

        return null;
    }

    /// <summary>The first cookies of this name, decoded.</summary>
    public static IReadOnlyList<string> FindAll(HttpRequest request, string name, int most)
    {
        List<string>? found = null;
        foreach (var cookie in In(request))
        {
            if (cookie.Name.SequenceEqual(name) && (found ??= new(1)).Count < most)
            {
                found.Add(Decode(cookie.Value));
            }
        }

        return found ?? (IReadOnlyList<string>)[];
    }

    public static RequestCookieEnumerator In(HttpRequest request) => new(request.Headers.Cookie);

    /// <summary>Decodes percent-escapes of UTF-8; a value with anything else in its escapes is returned as it is.</summary>
    public static string Decode(ReadOnlySpan<char> value)
    {
        if (!value.Contains('%'))
        {
            return value.ToString();
        }

        var decoded = new StringBuilder(value.Length);
        var bytes = new byte[value.Count('%')];
        for (var i = 0; i < value.Length;)
        {
            var count = 0;
            for (; i < value.Length && value[i] == '%'; i += 3)
            {
                if (i + 2 >= value.Length
                    || !byte.TryParse(value.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count++]))
                {
                    return value.ToString();
                }
            }

            if (!TryAppend(decoded, bytes.AsSpan(0, count)))
            {
                return value.ToString();
            }

            for (; i < value.Length && value[i] != '%'; i++)
            {
                decoded.Append(value[i]);
            }
        }

        return decoded.ToString();
    }

    private static bool TryAppend(StringBuilder decoded, ReadOnlySpan<byte> utf8)
    {
        try
        {
            decoded.Append(StrictUtf8.GetString(utf8));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

/// <summary>A cookie as it is in the header.</summary>
internal readonly ref struct RequestCookie(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
{
    public ReadOnlySpan<char> Name { get; } = name;

    public ReadOnlySpan<char> Value { get; } = value;
}

/// <summary>Walks the pairs of all Cookie headers in order; what has no equals sign is passed over.</summary>
internal ref struct RequestCookieEnumerator(StringValues headers)
{
    private int _next;
    private ReadOnlySpan<char> _rest;

    public RequestCookie Current { get; private set; }

    public readonly RequestCookieEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_rest.IsEmpty)
            {
                if (_next == headers.Count)
                {
                    return false;
                }

                _rest = headers[_next++];
            }

            var end = _rest.IndexOf(';');
            var pair = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            var equals = pair.IndexOf('=');
            if (equals >= 0)
            {
                Current = new(pair[..equals].Trim(" \t"), pair[(equals + 1)..].Trim(" \t"));
                return true;
            }
        }
    }
}
