using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// The platform's key manager, which here notices that other nodes made keys: it would look once a day. After a change of secrets it makes a key with the new
/// one, long before the old one goes.
/// </summary>
internal sealed class ProtectionKeyManager : IKeyManager
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestRefresh = TimeSpan.FromSeconds(1);

    private readonly XmlKeyManager _inner;
    private readonly ProtectionKeyRepository _keys;
    private readonly IServiceProvider _services;
    private readonly KeyManagementOptions _options;
    private readonly IXmlRepository? _used;
    private int _hasLooked;

    public ProtectionKeyManager(XmlKeyManager inner, ProtectionKeyRepository keys, IOptions<KeyManagementOptions> options, IServiceProvider services)
    {
        (_inner, _keys, _services, _options, _used) = (inner, keys, services, options.Value, options.Value.XmlRepository);
        if (IsOurs)
        {
            keys.OnChanged = RefreshAsync;
        }
    }

    private bool IsOurs => ReferenceEquals(_used, _keys);

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => _inner.CreateNewKey(activationDate, expirationDate);

    // Once, at the start: nodes whose secrets are in different orders would otherwise answer each key with another one.
    public IReadOnlyCollection<IKey> GetAllKeys()
    {
        var all = _inner.GetAllKeys();
        if (!IsOurs || !_options.AutoGenerateKeys || Interlocked.Exchange(ref _hasLooked, 1) == 1)
        {
            return all;
        }

        // Keys live by the machine's clock: the platform knows no other.
        var now = TimeProvider.System.GetUtcNow();
        var used = all.Where(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now).MaxBy(key => key.ActivationDate);
        if (used is null || _keys.IsCurrent(used.KeyId))
        {
            return all;
        }

        _inner.CreateNewKey(now, now + _options.NewKeyLifetime);
        return _inner.GetAllKeys();
    }

    public CancellationToken GetCacheExpirationToken() => IsOurs ? _keys.Changed : _inner.GetCacheExpirationToken();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => _inner.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => _inner.RevokeKey(keyId, reason);

    // The platform prepares the new ring in the background, and goes on with the old one until somebody asks again: the first sign-in would fail.
    private async Task RefreshAsync(IReadOnlyCollection<Guid> added, CancellationToken cancellationToken)
    {
        var rings = _services.GetRequiredService<IKeyRingProvider>();
        var began = TimeProvider.System.GetTimestamp();
        List<Guid> revoked = [.. _inner.GetAllKeys().Where(key => key.IsRevoked).Select(key => key.KeyId)];
        while (!IsUpToDate(rings.GetCurrentKeyRing()) && TimeProvider.System.GetElapsedTime(began) < LongestRefresh)
        {
            await Task.Delay(Pace, TimeProvider.System, cancellationToken);
        }

        bool IsUpToDate(IKeyRing ring) =>
            added.All(id => ring.GetAuthenticatedEncryptorByKeyId(id, out _) is not null)
            && revoked.TrueForAll(id => ring.GetAuthenticatedEncryptorByKeyId(id, out var isRevoked) is null || isRevoked);
    }
}
