using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// Every token that a request may carry under one name, where another site of the same domain can have set cookies of that name too: browsers send
/// them all, and nothing tells them apart. What is put together wrongly does not decrypt.
/// </summary>
internal static class CookieCandidates
{
    /// <summary>More than this are not looked at: each costs a decryption.</summary>
    public const int Most = 8;

    // As many as all examined tokens can need. There can be any number of chunk combinations that do not form a token.
    private const int MostTries = Most * ChunkedCookie.MaxChunks;

    private const int DotsOfAToken = 4;

    /// <summary>Whether there may be others than the one that <see cref="ChunkedCookie.Read"/> returns; an empty one hides the next. Costs no allocation.</summary>
    public static bool AreSeveral(HttpRequest request, string name)
    {
        var whole = 0;
        foreach (var cookie in CookieHeader.In(request))
        {
            if (!ChunkedCookie.TryGetNumber(cookie.Name, name, out var number))
            {
                continue;
            }

            if (!cookie.Value.IsEmpty && (number >= 0 || whole > 0))
            {
                return true;
            }

            whole += number < 0 ? 1 : 0;
        }

        return false;
    }

    /// <summary>The whole values in the order in which they came, then what the chunks make up; null when there are more than are looked at.</summary>
    public static IReadOnlyList<string>? In(HttpRequest request, string name)
    {
        var candidates = new List<string>();
        var chunks = new List<string>?[ChunkedCookie.MaxChunks];
        foreach (var cookie in CookieHeader.In(request))
        {
            if (!cookie.Value.IsEmpty && ChunkedCookie.TryGetNumber(cookie.Name, name, out var number) && number < ChunkedCookie.MaxChunks)
            {
                Add(number < 0 ? candidates : chunks[number] ??= [], CookieHeader.Decode(cookie.Value));
            }
        }

        var tries = 0;
        foreach (var first in chunks[0] ?? [])
        {
            AddSets(candidates, chunks, first, first.Length, number: 1, ref tries);
        }

        return candidates.Count > Most || tries > MostTries || chunks.Any(values => values?.Count > Most) ? null : candidates;
    }

    // Nothing indicates which chunks belong together, least of all their order, so all combinations are tried. All chunks of a token except the last have the same length.
    private static void AddSets(List<string> candidates, List<string>?[] chunks, string before, int length, int number, ref int tries)
    {
        if (++tries > MostTries)
        {
            return;
        }

        var values = number < chunks.Length ? chunks[number] : null;
        if (values is null || before.AsSpan().Count('.') == DotsOfAToken)
        {
            Add(candidates, before);
        }

        foreach (var value in values ?? [])
        {
            if (value.Length < length)
            {
                Add(candidates, before + value);
            }
            else if (value.Length == length && candidates.Count <= Most)
            {
                AddSets(candidates, chunks, before + value, length, number + 1, ref tries);
            }
        }
    }

    // One more than the limit, to detect that there are too many.
    private static void Add(List<string> values, string value)
    {
        if (values.Count <= Most && !values.Contains(value, StringComparer.Ordinal))
        {
            values.Add(value);
        }
    }
}
