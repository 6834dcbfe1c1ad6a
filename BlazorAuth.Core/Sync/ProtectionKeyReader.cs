using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Reads what stands in the store as a Data Protection key, and leaves out what is damaged or not ours.</summary>
internal sealed class ProtectionKeyReader(ProtectionKeyCipher cipher, ILogger<ProtectionKeyReader> logger)
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    // The type that ProtectionKeyEncryptor names, whatever the version of its assembly.
    private static readonly string Decryptor = $"{typeof(ProtectionKeyDecryptor).FullName}, {typeof(ProtectionKeyDecryptor).Assembly.GetName().Name},";

    public ProtectionKeyEntry? Read(string text)
    {
        XElement element;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            element = XElement.Load(reader);
        }
        catch (XmlException error)
        {
            // One damaged entry must not take the readable keys with it.
            logger.ProtectionKeyDamaged(error.LineNumber, error.LinePosition);
            return null;
        }

        if (!IsOurs(element))
        {
            return null;
        }

        var opens = Opens(element, out var isCurrent);
        return ProtectionKeyEntry.Of(text, element) with { Opens = opens, IsCurrent = isCurrent };
    }

    private bool Opens(XElement element, out bool isCurrent)
    {
        isCurrent = true;
        foreach (var sealedKey in element.Descendants().Where(part => part.Name.LocalName == "encryptedKey"))
        {
            if (cipher.Decrypt(sealedKey.Value, out var isFirst) is null)
            {
                return isCurrent = false;
            }

            isCurrent &= isFirst;
        }

        return true;
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
