using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// Keeps Data Protection keys in the session store, unless the app has chosen another place or another encryption for them. A store of the app's own
/// that keeps no keys leaves the platform's place as it is.
/// </summary>
internal sealed class ProtectionKeySetup(ISessionStore sessions, ProtectionKeyCipher cipher, ILogger<ProtectionKeyRepository> logger)
    : IPostConfigureOptions<KeyManagementOptions>
{
    public void PostConfigure(string? name, KeyManagementOptions options)
    {
        if (sessions is IProtectionKeyStore store && options.XmlRepository is null && options.XmlEncryptor is null)
        {
            options.XmlRepository = new ProtectionKeyRepository(store, cipher, logger);
            options.XmlEncryptor = new ProtectionKeyEncryptor(cipher);
        }
    }
}
