using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>The platform's key manager, which here notices that other nodes made keys: it would look once a day.</summary>
internal sealed class ProtectionKeyManager(XmlKeyManager inner, ProtectionKeyRepository keys, IOptions<KeyManagementOptions> options) : IKeyManager
{
    private readonly IXmlRepository? _used = options.Value.XmlRepository;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => inner.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() => ReferenceEquals(_used, keys) ? keys.Changed : inner.GetCacheExpirationToken();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => inner.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);
}
