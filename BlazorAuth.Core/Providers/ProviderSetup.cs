using System.Collections.Concurrent;

namespace BlazorAuth.Providers;

/// <summary>What the convention found out about providers while their options were made.</summary>
internal sealed class ProviderSetup
{
    private readonly ConcurrentDictionary<string, byte> _withoutKeys = new(StringComparer.Ordinal);

    /// <summary>The ids of providers that were added but have neither client id nor secret.</summary>
    public IReadOnlyCollection<string> WithoutKeys => [.. _withoutKeys.Keys.Order(StringComparer.Ordinal)];

    public void AddWithoutKeys(string id) => _withoutKeys.TryAdd(id, 0);
}
