using BlazorAuth.Providers.Backchannel;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// What a provider says of itself, kept for half a day. The platform's own manager learns of a changed key only from a sign-in that failed, and then
/// not again for minutes; this one looks at once when a token names a key that it does not know. One reading serves all who wait, and one that failed serves those
/// who come a moment later too: the provider gets no more requests because more people come, and nobody queues up behind others.
/// </summary>
internal sealed class Discovery(string address, Func<HttpDocumentRetriever> retriever, Predicate<string> mayBePlain, TimeProvider clock, ILogger<Discovery> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    private const int MostLooksInAMinute = 10;
    private const int MostRemembered = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _starting = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<TimeSpan> _looks = new();
    private readonly Dictionary<string, TimeSpan> _unknown = new(StringComparer.Ordinal);
    private readonly long _began = clock.GetTimestamp();
    private Known? _known;
    private Reading? _reading;

    // By elapsed time, not by the clock, which may be set back.
    private TimeSpan Now => clock.GetElapsedTime(_began);

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _known) is not { } known)
        {
            return await Start(isForced: false).Reading.WaitAsync(cancel);
        }

        // A provider that does not respond keeps one person waiting, for a moment.
        if (Now >= known.LookAgainAt && Start(isForced: false) is { IsNew: true, Reading: var reading })
        {
            await reading.WaitBrieflyAsync(LongestWait, clock, cancel);
        }

        return Volatile.Read(ref _known)!.Configuration;
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
            var found = await LookAgainAsync(cancellationToken);
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

    /// <summary>The reading that is under way or that failed a moment ago, or a new one. It is nobody's own: who does not wait for it any more does not end it.</summary>
    private (Reading Reading, bool IsNew) Start(bool isForced)
    {
        lock (_starting)
        {
            if (_reading is { } last && (!last.Result.IsCompleted || (!isForced && (last.Result.IsCompletedSuccessfully ? Now < _known?.LookAgainAt : Now - last.EndedAt < Pause))))
            {
                return (last, false);
            }

            return (_reading = new Reading(LookAsync, () => Now), true);
        }
    }

    /// <summary>Reads with a document that is no older than this call.</summary>
    private async Task<OpenIdConnectConfiguration> LookAgainAsync(CancellationToken cancellationToken)
    {
        var (reading, isNew) = Start(isForced: true);
        if (!isNew)
        {
            await reading.WaitBrieflyAsync(Timeout.InfiniteTimeSpan, clock, cancellationToken);
            reading = Start(isForced: true).Reading;
        }

        return await reading.WaitAsync(cancellationToken);
    }

    private async Task<OpenIdConnectConfiguration> LookAsync()
    {
        var now = Now;
        using var limit = new CancellationTokenSource(LongestRead, clock);
        try
        {
            var configuration = await ReadAsync(limit.Token);
            Volatile.Write(ref _known, new Known(configuration, now, now + Lifetime));
            return configuration;
        }
        catch (Exception exception) when (_known is not null)
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

    /// <summary>One reading of the documents, for all who wait for it, with what there is to say if it fails.</summary>
    private sealed class Reading
    {
        private ProviderExchange? _exchange;

        public Reading(Func<Task<OpenIdConnectConfiguration>> read, Func<TimeSpan> now)
        {
            Result = Task.Run(async () =>
            {
                _exchange = ProviderExchange.Begin();
                try
                {
                    return await read();
                }
                finally
                {
                    EndedAt = now();
                }
            });
            _ = Result.ContinueWith(done => done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        /// <summary>Set before the result is.</summary>
        public TimeSpan EndedAt { get; private set; }

        public Task<OpenIdConnectConfiguration> Result { get; }

        public async Task<OpenIdConnectConfiguration> WaitAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await Result.WaitAsync(cancellationToken);
            }
            catch when (Result.IsCompleted)
            {
                ProviderExchange.Current?.TakeFailure(_exchange!);
                throw;
            }
        }

        /// <summary>Waits until it is done, well or badly, or for so long.</summary>
        public async Task WaitBrieflyAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
        {
            using var limit = new CancellationTokenSource(longest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await Task.WhenAny(Result, Task.Delay(Timeout.Infinite, either.Token));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed record Known(OpenIdConnectConfiguration Configuration, TimeSpan SeenAt, TimeSpan LookAgainAt);
}
