using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <summary>Encrypts the secret part of a Data Protection key before the platform hands the key to its repository.</summary>
internal sealed class ProtectionKeyEncryptor(ProtectionKeyCipher cipher) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        try
        {
            return new EncryptedXmlInfo(new XElement("encryptedKey", cipher.Encrypt(plaintext)), typeof(ProtectionKeyDecryptor));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}

/// <summary>
/// The way back. Stored keys name this type together with its assembly and the assembly's version, and the platform creates it by that name:
/// renaming or moving it, or raising the assembly version, makes stored keys unreadable.
/// </summary>
internal sealed class ProtectionKeyDecryptor : IXmlDecryptor
{
    private readonly ProtectionKeyCipher _cipher;

    public ProtectionKeyDecryptor(IServiceProvider services) => _cipher = services.GetRequiredService<ProtectionKeyCipher>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var plaintext = _cipher.Decrypt(encryptedElement.Value)
            ?? throw new CryptographicException("A Data Protection key was encrypted with a secret that is no longer set. A new key takes its place: sign-ins and forms that were in progress have to be started again. To keep using it, set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1, unless the old one leaked.");
        try
        {
            using var stream = new MemoryStream(plaintext, writable: false);
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
