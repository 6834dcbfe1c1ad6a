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

    /// <summary>The whole values in the order in which they came, then what the chunks make up.</summary>
    public static IReadOnlyList<string> In(HttpRequest request, string name)
    {
        var candidates = new List<string>();
        var chunks = new List<string>[ChunkedCookie.MaxChunks];
        foreach (var cookie in CookieHeader.In(request))
        {
            if (cookie.Value.IsEmpty || !ChunkedCookie.TryGetNumber(cookie.Name, name, out var number) || number >= ChunkedCookie.MaxChunks)
            {
                continue;
            }

            if (number < 0)
            {
                Add(candidates, CookieHeader.Decode(cookie.Value));
            }
            else if ((chunks[number] ??= []).Count <= Most)
            {
                chunks[number].Add(CookieHeader.Decode(cookie.Value));
            }
        }

        AddSets(candidates, chunks);
        return candidates;
    }

    // The n-th of each number belong together; where a neighbour set some numbers only, the last one there is stands for the rest.
    private static void AddSets(List<string> candidates, List<string>?[] chunks)
    {
        var count = Array.FindIndex(chunks, chunk => chunk is null);
        var numbers = chunks.AsSpan(0, count < 0 ? chunks.Length : count).ToArray();
        for (var n = 0; numbers.Length > 0 && n < numbers.Max(values => values!.Count) && candidates.Count <= Most; n++)
        {
            string[] set = [.. numbers.Select(values => values![Math.Min(n, values.Count - 1)])];
            Add(candidates, string.Concat(set));

            // All but the last chunk of a token are equally long. What follows a shorter one is somebody else's.
            var end = Array.FindIndex(set, chunk => chunk.Length < set[0].Length);
            if (end >= 0 && end < set.Length - 1)
            {
                Add(candidates, string.Concat(set.Take(end + 1)));
            }
        }
    }

    private static void Add(List<string> candidates, string value)
    {
        if (candidates.Count <= Most && !candidates.Contains(value, StringComparer.Ordinal))
        {
            candidates.Add(value);
        }
    }
}
