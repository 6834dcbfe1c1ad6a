using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>
/// The Data Protection keys that this node knows. The platform asks for them in the middle of requests, and without async: it gets what is in memory. The
/// store is read and written beside the requests; what it has lost it gets back from here.
/// </summary>
internal sealed class ProtectionKeyRepository(ISessionStore sessions, ProtectionKeyReader reader, ILogger<ProtectionKeyRepository> logger) : IXmlRepository, IDisposable
{
    private readonly IProtectionKeyStore? _store = sessions as IProtectionKeyStore;
    private readonly SemaphoreSlim _syncing = new(1);
    private readonly SemaphoreSlim _added = new(0);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private ProtectionKeyEntry[] _entries = [];
    private CancellationTokenSource _changed = new();
    private volatile bool _wasRead;
    private volatile bool _hasUnknown;
    private volatile bool _hasRevoked;

    /// <summary>Whether keys are kept in the store at all.</summary>
    public bool HasStore => _store is not null;

    /// <summary>Whether another node made a key, while this one ran, that no secret set here opens.</summary>
    public bool HasUnknown => _hasUnknown;

    /// <summary>Cancelled when there are other keys than before.</summary>
    public CancellationToken Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Token;
            }
        }
    }

    /// <summary>Is told which keys of other nodes were read, and that keys were revoked: the platform heeds neither by itself at once.</summary>
    public Func<IReadOnlyCollection<Guid>, CancellationToken, Task>? OnChanged { get; set; }

    /// <summary>Whether a key is encrypted with the secret that writes, and therefore outlives those that only read.</summary>
    public bool IsCurrent(Guid keyId) => Volatile.Read(ref _entries).Any(entry => entry.KeyId == keyId && entry.IsCurrent);

    /// <summary>Whether a key is here, and a secret of this node decrypts it.</summary>
    public bool Opens(Guid keyId) => Volatile.Read(ref _entries).Any(entry => entry.KeyId == keyId && entry.Opens);

    /// <summary>Whether a key is here. Reading the store again would bring nothing new.</summary>
    public bool Knows(Guid keyId) => Volatile.Read(ref _entries).Any(entry => entry.KeyId == keyId);

    // Without those that no secret can decrypt: the platform would retry each of them, logging a stack trace every time.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Volatile.Read(ref _entries).Where(entry => entry.Opens).Select(entry => new XElement(entry.Element))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var text = element.ToString(SaveOptions.DisableFormatting);
        var (_, isRevocation) = Add([ProtectionKeyEntry.Of(text, new XElement(element), friendlyName)]);
        _hasRevoked |= isRevocation;
        _added.Release();
    }

    /// <summary>Ends when a key was made here that the store may not have yet.</summary>
    public Task WaitForNewAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);

    /// <summary>Reads the store's keys, and writes those that it lacks. Returns how many of them it had before.</summary>
    public async Task<int> SyncAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return 0;
        }

        await _syncing.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(_store, cancellationToken);
            var lost = 0;
            var isNew = false;
            foreach (var entry in Volatile.Read(ref _entries).Where(entry => !_read.Contains(entry.Name) && !_read.Contains(entry.Text) && entry.Tries < 2).ToList())
            {
                await _store.AddKeyAsync(entry.Name, entry.Text, cancellationToken);
                lost += _written.Add(entry.Name) ? 0 : 1;
                entry.Tries++;
                isNew = true;
            }

            if (isNew)
            {
                // Another node that started at the same moment has written its own in the meantime.
                await ReadAsync(_store, cancellationToken);
            }

            if (lost > 0)
            {
                logger.ProtectionKeysWrittenBack(lost);
            }

            return lost;
        }
        finally
        {
            _syncing.Release();
        }
    }

    public void Dispose()
    {
        _changed.Dispose();
        _syncing.Dispose();
        _added.Dispose();
    }

    private async Task ReadAsync(IProtectionKeyStore store, CancellationToken cancellationToken)
    {
        var texts = await store.ReadKeysAsync(cancellationToken);
        var known = Volatile.Read(ref _entries).ToDictionary(entry => entry.Text, StringComparer.Ordinal);
        var before = _read.ToHashSet(StringComparer.Ordinal);
        List<ProtectionKeyEntry> found = [];
        _read.Clear();
        foreach (var text in texts)
        {
            _read.Add(text);
            if (known.TryGetValue(text, out var entry) || (!before.Contains(text) && (entry = Parse(text)) is not null))
            {
                _read.Add(entry.Name);
                _written.Add(entry.Name);
                entry.Tries = 0;
                found.Add(entry);
            }
        }

        var (added, isRevocation) = Add(found);
        _wasRead = true;
        if ((added.Count > 0 || isRevocation || _hasRevoked) && OnChanged is { } onChanged)
        {
            _hasRevoked = false;
            try
            {
                await onChanged(added, cancellationToken);
            }
            catch
            {
                _hasRevoked = true;
                throw;
            }
        }
    }

    // Returns the keys among them that can be used, and whether any revokes others.
    private (List<Guid> Keys, bool IsRevocation) Add(IReadOnlyList<ProtectionKeyEntry> entries)
    {
        CancellationTokenSource changed;
        List<ProtectionKeyEntry> added;
        lock (_gate)
        {
            var known = _entries.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
            added = entries.Where(entry => known.Add(entry.Name)).ToList();
            if (added.Count == 0)
            {
                return ([], false);
            }

            Volatile.Write(ref _entries, [.. _entries, .. added]);
            (changed, _changed) = (_changed, new CancellationTokenSource());
        }

        changed.Cancel();
        changed.Dispose();
        return ([.. added.Where(entry => entry.Opens).Select(entry => entry.KeyId).OfType<Guid>()], added.Exists(entry => entry.KeyId is null));
    }

    private ProtectionKeyEntry? Parse(string text)
    {
        var entry = reader.Read(text);
        if (entry is { Opens: false })
        {
            if (_wasRead)
            {
                _hasUnknown = true;
                logger.ProtectionKeyUnknownSecret(entry.KeyId ?? Guid.Empty);
            }
            else
            {
                logger.ProtectionKeyClosed(entry.KeyId ?? Guid.Empty);
            }
        }

        return entry;
    }
}
