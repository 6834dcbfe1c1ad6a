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

    private const int DotsOfAToken = 4;

    /// <summary>Whether there may be more than the one that <see cref="ChunkedCookie.Read"/> returns. Costs no allocation.</summary>
    public static bool AreSeveral(HttpRequest request, string name)
    {
        var whole = 0;
        foreach (var cookie in CookieHeader.In(request))
        {
            if (ChunkedCookie.TryGetNumber(cookie.Name, name, out var number) && !cookie.Value.IsEmpty && (number >= 0 || ++whole > 1))
            {
                return true;
            }
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

        foreach (var first in chunks[0] ?? [])
        {
            AddSets(candidates, chunks, first, first.Length, number: 1);
        }

        return candidates.Count > Most || chunks.Any(values => values?.Count > Most) ? null : candidates;
    }

    // Nothing tells which chunks belong together, least of all their order, so all combinations are tried. All chunks of a token except the last have the same length.
    private static void AddSets(List<string> candidates, List<string>?[] chunks, string before, int length, int number)
    {
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
                AddSets(candidates, chunks, before + value, length, number + 1);
            }
        }
    }

    // One more than are looked at says that there are too many.
    private static void Add(List<string> values, string value)
    {
        if (values.Count <= Most && !values.Contains(value, StringComparer.Ordinal))
        {
            values.Add(value);
        }
    }
}
