using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.StandIns;

/// <summary>What a code or an access token stands for.</summary>
internal sealed record StandInGrant(StandInProvider Provider, string ClientId, string RedirectUri, StandInPerson Person)
{
    public StandInFault Fault { get; init; } = StandInFault.None;

    public string? CodeChallenge { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public required string PictureUrl { get; init; }
}

/// <summary>The codes and tokens that were issued, in memory. A code is gone after its first use, successful or not.</summary>
internal sealed class StandInGrants(StandInOptions options, TimeProvider clock)
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Entry> _codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Entry> _used = new(StringComparer.Ordinal);

    public string IssueCode(StandInGrant grant) =>
        Add(_codes, NewSecret(), grant, grant.Fault == StandInFault.ExpiredCode ? TimeSpan.Zero : options.CodeLifetime);

    public StandInGrant? TakeCode(string code) =>
        _codes.TryRemove(code, out var entry) && entry.ExpiresAt > clock.GetUtcNow() ? entry.Grant : null;

    public string IssueToken(StandInGrant grant, string prefix) => Add(_tokens, prefix + NewSecret(), grant, TokenLifetime);

    public StandInGrant? FindToken(string token) =>
        _tokens.TryGetValue(token, out var entry) && entry.ExpiresAt > clock.GetUtcNow() ? entry.Grant : null;

    /// <summary>Remembers a code that carries its own content; false when it was seen before.</summary>
    public bool TryUse(string code)
    {
        Prune(_used);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
        return _used.TryAdd(key, new Entry(null, clock.GetUtcNow() + options.CodeLifetime + TimeSpan.FromMinutes(1)));
    }

    private string Add(ConcurrentDictionary<string, Entry> entries, string key, StandInGrant grant, TimeSpan lifetime)
    {
        Prune(entries);
        entries[key] = new Entry(grant, clock.GetUtcNow() + lifetime);
        return key;
    }

    private void Prune(ConcurrentDictionary<string, Entry> entries)
    {
        var now = clock.GetUtcNow();
        foreach (var entry in entries.Where(entry => entry.Value.ExpiresAt <= now))
        {
            entries.TryRemove(entry);
        }
    }

    private static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    private sealed record Entry(StandInGrant? Grant, DateTimeOffset ExpiresAt);
}
