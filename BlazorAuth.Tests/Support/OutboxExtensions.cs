namespace BlazorAuth.Tests;

internal static class OutboxExtensions
{
    /// <summary>What the rounds of a node do, and beside them what asks the app: at once, whatever those have done meanwhile.</summary>
    public static async Task FlushAllAsync(this StoreOutbox outbox, CancellationToken cancellationToken)
    {
        await outbox.FlushRevocationsAsync(cancellationToken);
        await outbox.FlushUnusedAsync(all: true, cancellationToken);
    }
}
