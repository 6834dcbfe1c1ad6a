using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>The platform's own Data Protection, on our store: each host is one node, or one run of a node.</summary>
public sealed class ProtectionKeyTests : IDisposable
{
    private const string Old = "an old secret of more than thirty-two characters";
    private const string New = "a new secret of more than thirty-two characters";

    private readonly MemorySessionStore _store = new(new FakeTimeProvider());
    private readonly List<ServiceProvider> _hosts = [];

    public void Dispose() => _hosts.ForEach(host => host.Dispose());

    [Fact]
    public void WhatOneNodeProtectsAnotherReads() =>
        Assert.Equal("state", Host(Old).Unprotect(Host(Old).Protect("state")));

    [Fact]
    public void WhatWasProtectedBeforeARestartIsReadFromTheFile()
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-");
        try
        {
            string text;
            using (var store = new SqliteSessionStore(Path.Join(folder.FullName, "auth.db"), new FakeTimeProvider()))
            {
                text = Host(store, Old).Protect("state");
            }

            using var reopened = new SqliteSessionStore(Path.Join(folder.FullName, "auth.db"), new FakeTimeProvider());
            Assert.Equal("state", Host(reopened, Old).Unprotect(text));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ARotatedSecretStillReadsTheOldKeys()
    {
        var before = Host(Old).Protect("state");

        var rotated = Host(New, Old);

        Assert.Equal("state", rotated.Unprotect(before));
        Assert.Equal("state", Host(Old).Unprotect(rotated.Protect("state")));
    }

    [Fact]
    public void KeysUnderAReplacedSecretAreUselessAndDoNotStopTheApp()
    {
        var before = Host(Old).Protect("state");

        var replaced = Host(New);

        Assert.Throws<CryptographicException>(() => replaced.Unprotect(before));
        Assert.Equal("state", Host(New).Unprotect(replaced.Protect("state")));
        Assert.Equal(2, _store.ReadKeys().Count);
    }

    [Fact]
    public void AKeyUnderAReplacedSecretIsToldInOneLine()
    {
        Host(Old).Protect("state");
        using var log = new LogCollector();
        var repository = new ProtectionKeyRepository(_store, new ProtectionKeyCipher([New]), log.CreateLogger<ProtectionKeyRepository>());
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(repository.GetAllElements());
        }

        var line = Assert.Single(log.All);
        Assert.Equal((655, Microsoft.Extensions.Logging.LogLevel.Warning), (line.Event.Id, line.Level));
        Assert.Contains("set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line.Text, StringComparison.Ordinal);
        Assert.Single(new ProtectionKeyRepository(_store, new ProtectionKeyCipher([New, Old]), NullLogger<ProtectionKeyRepository>.Instance).GetAllElements());
    }

    [Fact]
    public void KeysAtRestAreEncrypted()
    {
        Host(Old).Protect("state");

        var elements = XElement.Parse(Assert.Single(_store.ReadKeys())).Descendants().ToList();

        Assert.DoesNotContain(elements, element => element.Name.LocalName is "masterKey");
        Assert.StartsWith(
            "BlazorAuth.ProtectionKeyDecryptor, BlazorAuth.Core, Version=1.0.0.0,",
            Assert.Single(elements, element => element.Name.LocalName is "encryptedSecret").Attribute("decryptorType")!.Value,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("")]
    [InlineData("""<!DOCTYPE key [<!ENTITY e SYSTEM "file:///etc/hostname">]><key>&e;</key>""")]
    public void ADamagedEntryDoesNotHideTheOthers(string entry)
    {
        _store.AddKey("damaged", entry);

        Assert.Equal("state", Host(Old).Unprotect(Host(Old).Protect("state")));
        Assert.Single(new ProtectionKeyRepository(_store, new ProtectionKeyCipher([Old]), NullLogger<ProtectionKeyRepository>.Instance).GetAllElements());
    }

    // A key that whoever can write to the store has chosen: in clear text, or with a decryptor that leaves it as it is.
    [Theory]
    [InlineData("""<masterKey xmlns="http://schemas.asp.net/2015/03/dataProtection" requiresEncryption="true"><value>AAAA</value></masterKey>""")]
    [InlineData("""<encryptedSecret decryptorType="Microsoft.AspNetCore.DataProtection.XmlEncryption.NullXmlDecryptor, Microsoft.AspNetCore.DataProtection" xmlns="http://schemas.asp.net/2015/03/dataProtection"><unencryptedKey><masterKey><value>AAAA</value></masterKey></unencryptedKey></encryptedSecret>""")]
    [InlineData("")]
    public void AKeyThatBlazorAuthDidNotEncryptIsIgnored(string secret)
    {
        using var logs = new LogCollector();
        var own = Host(Old).Protect("state");
        var now = TimeProvider.System.GetUtcNow();
        _store.AddKey("planted", $"""
            <key id="11111111-2222-3333-4444-555555555555" version="1">
              <creationDate>{now:O}</creationDate><activationDate>{now.AddDays(-1):O}</activationDate><expirationDate>{now.AddDays(300):O}</expirationDate>
              <descriptor deserializerType="Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptorDeserializer, Microsoft.AspNetCore.DataProtection">
                <descriptor><encryption algorithm="AES_256_CBC" /><validation algorithm="HMACSHA256" />{secret}</descriptor>
              </descriptor>
            </key>
            """);

        var elements = new ProtectionKeyRepository(_store, new ProtectionKeyCipher([Old]), logs.CreateLogger<ProtectionKeyRepository>()).GetAllElements();

        Assert.DoesNotContain(elements, element => (string?)element.Attribute("id") == "11111111-2222-3333-4444-555555555555");
        Assert.Equal((420, LogLevel.Warning), (Assert.Single(logs.Own).Event.Id, logs.Own[0].Level));
        Assert.Equal("state", Host(Old).Unprotect(own));
    }

    [Fact]
    public void AKeyThatStandsTwiceIsReadOnceAndARevocationCounts()
    {
        var text = Host(Old).Protect("state");
        var key = Assert.Single(_store.ReadKeys());
        _store.AddKey("copy", key);
        Assert.Equal("state", Host(Old).Unprotect(text));

        _store.AddKey("revocation", $"""<revocation version="1"><revocationDate>{TimeProvider.System.GetUtcNow():O}</revocationDate><key id="{XElement.Parse(key).Attribute("id")!.Value}" /><reason>lost</reason></revocation>""");

        Assert.Throws<CryptographicException>(() => Host(Old).Unprotect(text));
    }

    [Fact]
    public void ARepositoryOfTheAppIsLeftInPlace()
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-");
        Host(_store, builder => builder.PersistKeysToFileSystem(folder), Old).Protect("state");

        Assert.Empty(_store.ReadKeys());
        Assert.Single(folder.GetFiles());
        folder.Delete(recursive: true);
    }

    [Fact]
    public void TheCipherOpensOnlyWhatItSealed()
    {
        var cipher = new ProtectionKeyCipher([New, Old]);
        var text = cipher.Encrypt("<masterKey />"u8);
        var bytes = Convert.FromBase64String(text);

        Assert.Equal("<masterKey />", Encoding.UTF8.GetString(cipher.Decrypt(text)!));
        Assert.NotNull(new ProtectionKeyCipher([Old, New]).Decrypt(text));
        Assert.Null(new ProtectionKeyCipher([Old]).Decrypt(text));
        Assert.NotEqual(text, cipher.Encrypt("<masterKey />"u8));
        foreach (var wrong in (string[])["", "AAAA", "not base64!", Convert.ToBase64String(bytes[..^1])])
        {
            Assert.Null(cipher.Decrypt(wrong));
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Null(cipher.Decrypt(Convert.ToBase64String(bytes)));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void ACipherWithoutSecretsIsRefused() =>
        Assert.Throws<ArgumentException>(() => new ProtectionKeyCipher([]));

    // Frozen: a derivation or a format that changed would make every stored key unreadable.
    [Fact]
    public void AKeySealedByTheFirstReleaseStaysReadable() =>
        Assert.Equal("<masterKey />", Encoding.UTF8.GetString(new ProtectionKeyCipher([Old]).Decrypt("AAECAwQFBgcICQoL2ZXQhOcE6oG7Q0oGk6WcSY/s6YlVwx6pSdO8e/Y=")!));

    private IDataProtector Host(params string[] secrets) => Host(_store, _ => { }, secrets);

    private IDataProtector Host(IProtectionKeyStore store, params string[] secrets) => Host(store, _ => { }, secrets);

    private IDataProtector Host(IProtectionKeyStore store, Action<IDataProtectionBuilder> configure, params string[] secrets)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton((ISessionStore)store);
        services.AddSingleton(new ProtectionKeyCipher(secrets));
        services.AddSingleton<IPostConfigureOptions<KeyManagementOptions>, ProtectionKeySetup>();
        configure(services.AddDataProtection());
        var host = services.BuildServiceProvider();
        _hosts.Add(host);
        return host.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");
    }
}
