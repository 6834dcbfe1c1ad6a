using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace BlazorAuth.Sync;

/// <summary>A Data Protection key, or the revocation of one, as it stands in the store.</summary>
internal sealed record ProtectionKeyEntry(string Name, string Text, XElement Element)
{
    public Guid? KeyId { get; } = Element.Name.LocalName == "key" && Guid.TryParse((string?)Element.Attribute("id"), out var id) ? id : null;

    /// <summary>Whether a secret that is set opens it. One that none opens is kept, so that a store that lost it gets it back.</summary>
    public bool Opens { get; init; } = true;

    /// <summary>Whether the secret that writes opens it.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>How often it was written since it was last seen in the store: a name that another value holds is never taken.</summary>
    public int Tries { get; set; }

    /// <param name="text">What stands in the store.</param>
    /// <param name="element">The same, parsed.</param>
    /// <param name="name">The name that the platform gives it, if it does.</param>
    public static ProtectionKeyEntry Of(string text, XElement element, string? name = null) => new(string.IsNullOrEmpty(name) ? NameOf(element) : name, text, element);

    // The platform's naming, so that a key has the same name no matter which node writes it.
    private static string NameOf(XElement element) => element.Name.LocalName switch
    {
        "key" => "key-" + (string?)element.Attribute("id"),
        "revocation" when (string?)element.Elements().FirstOrDefault(part => part.Name.LocalName == "key")?.Attribute("id") is { } id && id != "*" => "revocation-" + id,
        _ => "element-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)))),
    };
}
