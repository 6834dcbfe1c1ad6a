using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Where the platform reads and writes Data Protection keys: the store of the sessions.</summary>
internal sealed class ProtectionKeyRepository(IProtectionKeyStore store, ILogger<ProtectionKeyRepository> logger) : IXmlRepository
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public IReadOnlyCollection<XElement> GetAllElements() => [.. store.ReadKeys().Select(Parse).OfType<XElement>()];

    public void StoreElement(XElement element, string friendlyName) =>
        store.AddKey(
            string.IsNullOrEmpty(friendlyName) ? $"element-{Guid.NewGuid()}" : friendlyName,
            element.ToString(SaveOptions.DisableFormatting));

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
}
