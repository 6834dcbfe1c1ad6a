using BlazorAuth.Providers.Backchannel;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// What a provider says of itself, kept for half a day. The platform's own manager learns of a changed key only from a sign-in that failed, and then
/// not again for minutes; this one looks at once when a token names a key that it does not know.
/// </summary>
internal sealed class Discovery(string address, Func<HttpDocumentRetriever> retriever, Predicate<string> mayBePlain, TimeProvider clock, ILogger<Discovery> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private const int MostLooksInAMinute = 10;
    private const int MostRemembered = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<TimeSpan> _looks = new();
    private readonly Dictionary<string, TimeSpan> _unknown = new(StringComparer.Ordinal);
    private readonly long _began = clock.GetTimestamp();
    private Known? _known;

    // By elapsed time, not by the clock, which may be set back.
    private TimeSpan Now => clock.GetElapsedTime(_began);

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _known) is { } known && Now < known.LookAgainAt)
        {
            return known.Configuration;
        }

        await _gate.WaitAsync(cancel);
        try
        {
            return _known is { } kept && Now < kept.LookAgainAt ? kept.Configuration : await LookAsync(cancel);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes note that what is known may be old: the next sign-in looks again.</summary>
    public void RequestRefresh()
    {
        if (Volatile.Read(ref _known) is { } known && Now - known.SeenAt >= Minute)
        {
            Volatile.Write(ref _known, known with { LookAgainAt = Now });
        }
    }

    /// <summary>
    /// Looks for the key of a token that none of the known keys matches, once for all callers. Null when looking would not help: the key was not
    /// there a moment ago, or too many were looked for.
    /// </summary>
    public async ValueTask<OpenIdConnectConfiguration?> LookForKeyAsync(string keyId, OpenIdConnectConfiguration tried, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Another caller has read it while this one waited.
            if (_known is { } known && !ReferenceEquals(known.Configuration, tried))
            {
                return known.Configuration;
            }

            if (!MayLook(keyId))
            {
                return null;
            }

            logger.KeyLookedFor(address);
            var found = await LookAsync(cancellationToken);
            if (found.SigningKeys.All(key => key.KeyId != keyId))
            {
                _unknown[keyId] = Now;
            }

            return found;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool MayLook(string keyId)
    {
        var now = Now;
        while (_looks.TryPeek(out var first) && now - first >= Minute)
        {
            _looks.Dequeue();
        }

        if (_unknown.Count > MostRemembered)
        {
            _unknown.Clear();
        }

        if (_looks.Count >= MostLooksInAMinute || (_unknown.TryGetValue(keyId, out var at) && now - at < RetryAfter))
        {
            return false;
        }

        _looks.Enqueue(now);
        return true;
    }

    private async Task<OpenIdConnectConfiguration> LookAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        try
        {
            var configuration = await ReadAsync(cancellationToken);
            Volatile.Write(ref _known, new Known(configuration, now, now + Lifetime));
            return configuration;
        }
        catch (Exception exception) when (_known is not null && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            // A provider whose documents cannot be read for a while can still sign people in.
            logger.DiscoveryKept(exception.GetType().Name, address);
            Volatile.Write(ref _known, _known with { LookAgainAt = now + RetryAfter });
            return _known.Configuration;
        }
    }

    private async Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        var documents = retriever();
        var configuration = DiscoveryDocument.Read(await documents.GetDocumentAsync(address, cancellationToken), mayBePlain);
        if (!string.IsNullOrEmpty(configuration.JwksUri))
        {
            configuration.JsonWebKeySet = DiscoveryDocument.ReadKeys(await documents.GetDocumentAsync(configuration.JwksUri, cancellationToken));
            foreach (var key in configuration.JsonWebKeySet.GetSigningKeys())
            {
                configuration.SigningKeys.Add(key);
            }
        }

        return configuration;
    }

    private sealed record Known(OpenIdConnectConfiguration Configuration, TimeSpan SeenAt, TimeSpan LookAgainAt);
}
