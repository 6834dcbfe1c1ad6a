using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// Keeps Data Protection keys in the session store, unless the app has chosen another place or another encryption for them. A store of the app's own
/// that keeps no keys leaves the platform's place as it is.
/// </summary>
internal sealed class ProtectionKeySetup(ProtectionKeyRepository keys, ProtectionKeyCipher cipher) : IPostConfigureOptions<KeyManagementOptions>
{
    public void PostConfigure(string? name, KeyManagementOptions options)
    {
        if (keys.HasStore && options.XmlRepository is null && options.XmlEncryptor is null)
        {
            options.XmlRepository = keys;
            options.XmlEncryptor = new ProtectionKeyEncryptor(cipher);
        }
    }
}

/// <summary>
/// What one app protects another cannot read: the platform tells them apart by the folder they run in, which differs between nodes and between two
/// releases. Keys in the session store belong to the apps of that store, so these need no name of their own.
/// </summary>
internal sealed class ProtectionNameSetup(IOptions<KeyManagementOptions> keys, IHostEnvironment host) : IPostConfigureOptions<DataProtectionOptions>
{
    private const string InStore = "BlazorAuth";

    public void PostConfigure(string? name, DataProtectionOptions options)
    {
        if (options.ApplicationDiscriminator is not { } chosen || IsFolder(chosen))
        {
            options.ApplicationDiscriminator = keys.Value.XmlRepository is ProtectionKeyRepository ? InStore : host.ApplicationName;
        }
    }

    // With or without a slash at the end, depending on the platform and its configuration.
    private bool IsFolder(string discriminator) =>
        string.Equals(Path.TrimEndingDirectorySeparator(discriminator), Path.TrimEndingDirectorySeparator(host.ContentRootPath), StringComparison.Ordinal)
        || (Path.IsPathRooted(discriminator)
            && string.Equals(
                Path.TrimEndingDirectorySeparator(Path.GetFullPath(discriminator)), Path.TrimEndingDirectorySeparator(Path.GetFullPath(host.ContentRootPath)),
                StringComparison.Ordinal));
}
