using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>What the account store is told later, off the path of requests: when users and accounts were last used.</summary>
internal sealed class AccountOutbox(IAccountStore store, ILogger<AccountOutbox> logger)
{
    // One transaction each: few enough not to keep a sign-in waiting.
    private const int Batch = 500;

    private readonly ConcurrentDictionary<(string UserId, string? Issuer, string? Subject), AccountUse> _uses = new();

    public void Add(AccountUse use) => _uses[(use.UserId, use.Issuer, use.Subject)] = use;

    /// <summary>Tells the store what is new, even if that is nothing: it also tidies up then. What it could not be told is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var uses in _uses.ToArray().Chunk(Batch).DefaultIfEmpty([]))
        {
            await TouchAsync([.. uses.Select(use => use.Value)], cancellationToken);
            Array.ForEach(uses, use => _uses.TryRemove(use));
        }
    }

    // An entry that the store refuses, it would refuse forever: it keeps no other one from being written.
    private async Task TouchAsync(AccountUse[] uses, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchAsync(uses, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            if (uses.Length < 2)
            {
                logger.UseRefused(exception);
                return;
            }

            foreach (var use in uses)
            {
                await TouchAsync([use], cancellationToken);
            }
        }
    }
}
