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

/// <summary>How keys are kept: encrypted under the secrets, and read back after one was replaced.</summary>
public sealed partial class ProtectionKeyTests
{
    [Fact]
    public async Task ARotatedSecretStillReadsTheOldKeys()
    {
        var before = await ProtectAsync(Old);

        var rotated = await HostAsync(New, Old);

        Assert.Equal("state", rotated.Unprotect(before));
        var after = await ProtectAsync(rotated);
        Assert.Equal("state", (await HostAsync(Old, New)).Unprotect(after));
    }

    // Both secrets are set, then the old one goes: by then a key of the new one has to be in use.
    [Fact]
    public async Task WhatIsProtectedAfterAChangeOfSecretsIsReadWithoutTheOldOne()
    {
        await ProtectAsync(Old);
        var node = await HostAsync(New, Old);
        await ProtectAsync(node);

        var text = await ProtectAsync(node);
        var other = await ProtectAsync(New, Old);

        var without = await HostAsync(New);
        Assert.Equal("state", without.Unprotect(text));
        Assert.Equal("state", without.Unprotect(other));
        Assert.Equal(2, (await _store.ReadKeysAsync(Token)).Count);
    }

    // During the change, nodes have them in different orders: they must not answer each key with another one.
    [Fact]
    public async Task NodesWithTheirSecretsInDifferentOrdersAgreeOnTheirKeys()
    {
        var text = await ProtectAsync(Old);
        IDataProtector[] nodes = [await HostAsync(New, Old), await HostAsync(Old, New), await HostAsync(New, Old)];
        for (var round = 0; round < 5; round++)
        {
            foreach (var node in nodes)
            {
                text = await ProtectAsync(node);
                await Repository(nodes[0]).SyncAsync(Token);
                Assert.Equal("state", nodes[0].Unprotect(text));
            }
        }

        Assert.InRange((await _store.ReadKeysAsync(Token)).Count, 2, 4);
    }

    [Fact]
    public async Task KeysUnderAReplacedSecretAreUselessAndDoNotStopTheApp()
    {
        var before = await ProtectAsync(Old);

        var replaced = await HostAsync(New);

        Assert.Throws<CryptographicException>(() => replaced.Unprotect(before));
        var after = await ProtectAsync(replaced);
        Assert.Equal("state", (await HostAsync(New)).Unprotect(after));
        Assert.Equal(2, (await _store.ReadKeysAsync(Token)).Count);
    }

    [Fact]
    public async Task AKeyUnderAReplacedSecretIsToldInOneLine()
    {
        await ProtectAsync(New);
        using var log = new LogCollector();
        var repository = await RepositoryAsync(log);
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(repository.GetAllElements());
            await repository.SyncAsync(Token);
        }

        var line = Assert.Single(log.All);
        Assert.Equal((655, LogLevel.Warning), (line.Event.Id, line.Level));
        Assert.Contains("set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line.Text, StringComparison.Ordinal);
        Assert.Single(await _store.ReadKeysAsync(Token));
    }

    [Fact]
    public async Task KeysAtRestAreEncrypted()
    {
        await ProtectAsync(Old);

        var elements = XElement.Parse(Assert.Single(await _store.ReadKeysAsync(Token))).Descendants().ToList();

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
    public async Task ADamagedEntryDoesNotHideTheOthers(string entry)
    {
        await _store.AddKeyAsync("damaged", entry, Token);

        var text = await ProtectAsync(Old);
        Assert.Equal("state", (await HostAsync(Old)).Unprotect(text));
        Assert.Single((await RepositoryAsync()).GetAllElements());
    }

    // A key that whoever can write to the store has chosen: in clear text, or with a decryptor that leaves it as it is.
    [Theory]
    [InlineData("""<masterKey xmlns="http://schemas.asp.net/2015/03/dataProtection" requiresEncryption="true"><value>AAAA</value></masterKey>""")]
    [InlineData("""<encryptedSecret decryptorType="Microsoft.AspNetCore.DataProtection.XmlEncryption.NullXmlDecryptor, Microsoft.AspNetCore.DataProtection" xmlns="http://schemas.asp.net/2015/03/dataProtection"><unencryptedKey><masterKey><value>AAAA</value></masterKey></unencryptedKey></encryptedSecret>""")]
    [InlineData("")]
    public async Task AKeyThatBlazorAuthDidNotEncryptIsIgnored(string secret)
    {
        using var logs = new LogCollector();
        var own = await ProtectAsync(Old);
        var now = TimeProvider.System.GetUtcNow();
        await _store.AddKeyAsync("planted", $"""
            <key id="11111111-2222-3333-4444-555555555555" version="1">
              <creationDate>{now:O}</creationDate><activationDate>{now.AddDays(-1):O}</activationDate><expirationDate>{now.AddDays(300):O}</expirationDate>
              <descriptor deserializerType="Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptorDeserializer, Microsoft.AspNetCore.DataProtection">
                <descriptor><encryption algorithm="AES_256_CBC" /><validation algorithm="HMACSHA256" />{secret}</descriptor>
              </descriptor>
            </key>
            """, Token);

        var repository = await RepositoryAsync(logs);
        await repository.SyncAsync(Token);

        Assert.DoesNotContain(repository.GetAllElements(), element => (string?)element.Attribute("id") == "11111111-2222-3333-4444-555555555555");
        Assert.Equal((420, LogLevel.Warning), (Assert.Single(logs.Own).Event.Id, logs.Own[0].Level));
        Assert.Equal("state", (await HostAsync(Old)).Unprotect(own));
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

    // On the node that revokes it, too: the platform goes on with the ring that it has until somebody asks again.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AKeyThatWasRevokedIsOfNoUseAsSoonAsThatIsRead(bool isOne)
    {
        var a = await HostAsync(Old);
        var text = await ProtectAsync(a);
        var b = await HostAsync(Old);
        Assert.Equal(("state", "state"), (a.Unprotect(text), b.Unprotect(text)));
        var keys = _hosts[0].GetRequiredService<IKeyManager>();
        if (isOne)
        {
            keys.RevokeKey(Assert.Single(keys.GetAllKeys()).KeyId);
        }
        else
        {
            keys.RevokeAllKeys(TimeProvider.System.GetUtcNow().AddSeconds(1));
        }

        await Repository(a).SyncAsync(Token);
        await Repository(b).SyncAsync(Token);

        Assert.Throws<CryptographicException>(() => a.Unprotect(text));
        Assert.Throws<CryptographicException>(() => b.Unprotect(text));
    }

    [Fact]
    public async Task OneThatIsMadeWhileTheRingIsRefreshedIsHeededToo()
    {
        var repository = await RepositoryAsync();
        var told = 0;
        repository.OnChanged = (_, _) =>
        {
            if (++told == 1)
            {
                repository.StoreElement(XElement.Parse("<revocation><revocationDate>2026-01-02T00:00:00Z</revocationDate></revocation>"), "revocation-2");
            }

            return Task.CompletedTask;
        };
        repository.StoreElement(XElement.Parse("<revocation><revocationDate>2026-01-01T00:00:00Z</revocationDate></revocation>"), "revocation-1");

        await repository.SyncAsync(Token);
        await repository.SyncAsync(Token);

        Assert.True(told > 1);
    }
}
