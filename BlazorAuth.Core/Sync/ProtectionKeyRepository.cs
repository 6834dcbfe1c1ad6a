using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Where the platform reads and writes Data Protection keys: the store of the sessions.</summary>
internal sealed class ProtectionKeyRepository(IProtectionKeyStore store, ProtectionKeyCipher cipher, ILogger<ProtectionKeyRepository> logger) : IXmlRepository
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    // The type that ProtectionKeyEncryptor names, whatever the version of its assembly.
    private static readonly string Decryptor = $"{typeof(ProtectionKeyDecryptor).FullName}, {typeof(ProtectionKeyDecryptor).Assembly.GetName().Name},";

    private readonly ConcurrentDictionary<Guid, bool> _told = new();

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.ReadKeys().Select(Parse).OfType<XElement>().Where(IsOurs).Where(CanOpen).DistinctBy(element => (string?)element.Attribute("id") ?? (object)element)];

    public void StoreElement(XElement element, string friendlyName) =>
        store.AddKey(
            string.IsNullOrEmpty(friendlyName) ? $"element-{Guid.NewGuid()}" : friendlyName,
            element.ToString(SaveOptions.DisableFormatting));

    // The platform would try such a key again and again, with a stack trace each time.
    private bool CanOpen(XElement element)
    {
        if (element.Descendants("encryptedKey").All(key => cipher.Decrypt(key.Value) is not null))
        {
            return true;
        }

        var id = Guid.TryParse((string?)element.Attribute("id"), out var parsed) ? parsed : Guid.Empty;
        if (_told.TryAdd(id, true))
        {
            logger.ProtectionKeyClosed(id);
        }

        return false;
    }

    // One damaged entry must not take the readable keys with it.
    private XElement? Parse(string value)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(value), Settings);
            return XElement.Load(reader);
        }
        catch (XmlException error)
        {
            logger.ProtectionKeyDamaged(error.LineNumber, error.LinePosition);
            return null;
        }
    }

    // Someone who can write to the store must not be able to choose a key: only keys that are encrypted with the auth secrets count. Revocations of
    // keys always count.
    private bool IsOurs(XElement element)
    {
        if (element.Name.LocalName != "key")
        {
            return true;
        }

        var secrets = element.Descendants().Where(part => part.Name.LocalName == "encryptedSecret").ToList();
        var isOurs = secrets.Count > 0 && !element.Descendants().Any(part => part.Name.LocalName == "masterKey")
            && secrets.TrueForAll(secret => ((string?)secret.Attribute("decryptorType"))?.StartsWith(Decryptor, StringComparison.Ordinal) == true);
        if (!isOurs)
        {
            logger.ProtectionKeyForeign(Guid.TryParse((string?)element.Attribute("id"), out var id) ? id : Guid.Empty);
        }

        return isOurs;
    }
}
