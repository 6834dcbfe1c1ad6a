using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>The platform's own Data Protection, on our store: each host is one node, or one run of a node.</summary>
public sealed partial class ProtectionKeyTests : IDisposable
{
    private const string Old = "an old secret of more than thirty-two characters";
    private const string New = "a new secret of more than thirty-two characters";

    private readonly MemorySessionStore _store = new(new FakeTimeProvider());
    private readonly List<ServiceProvider> _hosts = [];
    private readonly Dictionary<IDataProtector, ProtectionKeyRepository> _repositories = [];

    public void Dispose() => _hosts.ForEach(host => host.Dispose());

    [Fact]
    public async Task WhatOneNodeProtectsAnotherReads()
    {
        var text = await ProtectAsync(Old);

        Assert.Equal("state", (await HostAsync(Old)).Unprotect(text));
    }

    [Fact]
    public async Task WhatWasProtectedBeforeARestartIsReadFromTheFile()
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-");
        try
        {
            string text;
            using (var store = new SqliteSessionStore(Path.Join(folder.FullName, "auth.db"), new FakeTimeProvider()))
            {
                text = await ProtectAsync(await HostAsync(store, _ => { }, Old));
            }

            using var reopened = new SqliteSessionStore(Path.Join(folder.FullName, "auth.db"), new FakeTimeProvider());
            Assert.Equal("state", (await HostAsync(reopened, _ => { }, Old)).Unprotect(text));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AKeyThatStandsTwiceIsReadOnceAndARevocationCounts()
    {
        var text = await ProtectAsync(Old);
        var key = Assert.Single(await _store.ReadKeysAsync(Token));
        await _store.AddKeyAsync("copy", key, Token);
        Assert.Equal("state", (await HostAsync(Old)).Unprotect(text));

        await _store.AddKeyAsync("revocation", $"""<revocation version="1"><revocationDate>{TimeProvider.System.GetUtcNow():O}</revocationDate><key id="{XElement.Parse(key).Attribute("id")!.Value}" /><reason>lost</reason></revocation>""", Token);

        var host = await HostAsync(Old);
        Assert.Throws<CryptographicException>(() => host.Unprotect(text));
    }

    [Fact]
    public async Task ARepositoryOfTheAppIsLeftInPlace()
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-");
        await ProtectAsync(await HostAsync(_store, builder => builder.PersistKeysToFileSystem(folder), Old));

        Assert.Empty(await _store.ReadKeysAsync(Token));
        Assert.Single(folder.GetFiles());
        folder.Delete(recursive: true);
    }

    // What the platform asks for in the middle of a request comes from memory, however long the store takes.
    [Fact]
    public async Task NobodyWaitsForTheStoreToProtectSomething()
    {
        var silent = new SilentKeys();
        var host = await HostAsync(silent, _ => { }, Old, false);

        var text = host.Protect("state");

        Assert.Equal("state", host.Unprotect(text));
        Assert.Equal(0, silent.Calls);
        await Repository(host).SyncAsync(Token);
        Assert.Equal("state", (await HostAsync(silent, _ => { }, Old)).Unprotect(text));
    }

    [Fact]
    public async Task AKeyThatAnotherNodeMadeIsUsedAsSoonAsItIsRead()
    {
        var a = await HostAsync(Old);
        a.Protect("something");
        var b = await HostAsync(Old);
        var text = await ProtectAsync(b);
        Assert.Throws<CryptographicException>(() => a.Unprotect(text));
        RunsForLong(a);

        await Repository(a).SyncAsync(Token);

        Assert.Equal("state", a.Unprotect(text));
    }

    [Fact]
    public async Task KeysThatTheStoreLostAreWrittenBackWithThoseThatWereRevoked()
    {
        using var logs = new LogCollector();
        var lost = new MemorySessionStore(new FakeTimeProvider());
        var forgetful = new SilentKeys { Store = _store };
        var repository = await RepositoryAsync(logs, forgetful);
        var key = XElement.Parse($"""<key id="{Guid.NewGuid()}"><encryptedSecret decryptorType="{typeof(ProtectionKeyDecryptor).AssemblyQualifiedName}" /></key>""");
        repository.StoreElement(key, "key-" + (string)key.Attribute("id")!);
        repository.StoreElement(XElement.Parse("<revocation><revocationDate>2026-01-01T00:00:00Z</revocationDate></revocation>"), "revocation-1");
        await repository.SyncAsync(Token);

        forgetful.Store = lost;
        Assert.Equal(2, await repository.SyncAsync(Token));

        Assert.Equal(await _store.ReadKeysAsync(Token), await lost.ReadKeysAsync(Token));
        Assert.Equal((449, LogLevel.Warning), (Assert.Single(logs.Own).Event.Id, logs.Own[0].Level));
        Assert.Equal(0, await repository.SyncAsync(Token));
    }

    [Fact]
    public async Task ANodeWithAnotherSecretIsNoticed()
    {
        using var logs = new LogCollector();
        var repository = await RepositoryAsync(logs);
        Assert.False(repository.HasUnknown);

        var foreign = await ProtectAsync(New);
        await repository.SyncAsync(Token);
        await repository.SyncAsync(Token);

        Assert.True(repository.HasUnknown);
        var unknown = new UnknownKeys(repository, new StoreState(new SharedClock(new TestClock())), new TestClock());
        Assert.True(unknown.IsUnknown("state=" + foreign));
        var own = await ProtectAsync(Old);
        await repository.SyncAsync(Token);
        Assert.False(unknown.IsUnknown("state=" + own));
        Assert.Equal(450, Assert.Single(logs.Own).Event.Id);
    }

    // In a node's first two minutes the platform reads unknown keys by itself.
    private void RunsForLong(IDataProtector protector)
    {
        var rings = _hosts.First(host => ReferenceEquals(host.GetRequiredService<ProtectionKeyRepository>(), Repository(protector))).GetRequiredService<IKeyRingProvider>();
        var window = rings.GetType().GetProperty("AutoRefreshWindowEnd", BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.NotNull(window);
        window.SetValue(rings, DateTime.MinValue);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<ProtectionKeyRepository> RepositoryAsync(LogCollector? logs = null, ISessionStore? store = null)
    {
        ILoggerFactory loggers = logs is null ? NullLoggerFactory.Instance : new LoggerFactory([logs]);
        var reader = new ProtectionKeyReader(new ProtectionKeyCipher([Old]), loggers.CreateLogger<ProtectionKeyReader>());
        var repository = new ProtectionKeyRepository(store ?? _store, reader, loggers.CreateLogger<ProtectionKeyRepository>());
        await repository.SyncAsync(Token);
        return repository;
    }

    private ProtectionKeyRepository Repository(IDataProtector protector) => _repositories[protector];

    private async Task<string> ProtectAsync(params string[] secrets) => await ProtectAsync(await HostAsync(secrets));

    private async Task<string> ProtectAsync(IDataProtector host)
    {
        var text = host.Protect("state");
        await Repository(host).SyncAsync(Token);
        return text;
    }

    private Task<IDataProtector> HostAsync(params string[] secrets) => HostAsync(_store, _ => { }, secrets);

    private Task<IDataProtector> HostAsync(ISessionStore store, Action<IDataProtectionBuilder> configure, params string[] secrets) =>
        HostAsync(store, configure, secrets[0], true, secrets[1..]);

    private async Task<IDataProtector> HostAsync(
        ISessionStore store, Action<IDataProtectionBuilder> configure, string secret, bool isRead, params string[] older)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(store);
        services.AddSingleton(new ProtectionKeyCipher([secret, .. older]));
        configure(services.AddDataProtection());
        services.AddProtectionKeys();
        var host = services.BuildServiceProvider();
        _hosts.Add(host);
        var protector = host.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");
        _repositories[protector] = host.GetRequiredService<ProtectionKeyRepository>();
        if (isRead)
        {
            await Repository(protector).SyncAsync(Token);
        }

        return protector;
    }

    /// <summary>A store of keys that counts its calls, and may be exchanged for another one.</summary>
    private sealed class SilentKeys() : ForwardingStore(new MemorySessionStore(TimeProvider.System)), IProtectionKeyStore
    {
        public MemorySessionStore Store { get; set; } = new(TimeProvider.System);

        public int Calls { get; private set; }

        /// <summary>What the next answers wait for.</summary>
        public TaskCompletionSource? Answer { get; set; }

        public async Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default)
        {
            Calls++;
            await (Answer?.Task ?? Task.CompletedTask);
            return await Store.ReadKeysAsync(cancellationToken);
        }

        public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default)
        {
            Calls++;
            return Store.AddKeyAsync(name, value, cancellationToken);
        }
    }
}
