using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Keeps Data Protection keys in the session store, unless the app has chosen another place or another encryption for them.</summary>
internal sealed class ProtectionKeySetup(IProtectionKeyStore store, ProtectionKeyCipher cipher, ILogger<ProtectionKeyRepository> logger)
    : IPostConfigureOptions<KeyManagementOptions>
{
    public void PostConfigure(string? name, KeyManagementOptions options)
    {
        if (options.XmlRepository is null && options.XmlEncryptor is null)
        {
            options.XmlRepository = new ProtectionKeyRepository(store, logger);
            options.XmlEncryptor = new ProtectionKeyEncryptor(cipher);
        }
    }
}
