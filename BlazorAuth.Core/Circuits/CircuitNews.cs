using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Circuits;

/// <summary>Tells circuits that their session changed or ended, outside the lock and apart from each other.</summary>
internal sealed class CircuitNews(ILogger logger)
{
    // A few at a time, each as a separate work item: a thousand at once would sit in the thread pool's queue ahead of the batches that the first of them
    // send, and ahead of every other request. The next one is queued before this one is notified, so a slow or failing one delays no other.
    public void Tell(IReadOnlyCollection<SessionStateProvider> circuits) => Tell(circuits, circuit => circuit.Tell());

    public void Tell(IReadOnlyCollection<SessionStateProvider> circuits, Action<SessionStateProvider> tell)
    {
        var waiting = new Waiting(new(circuits), tell);
        for (var i = 0; i < Math.Min(circuits.Count, Environment.ProcessorCount * 2); i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(TellNext, waiting, preferLocal: false);
        }
    }

    private void TellNext(Waiting waiting)
    {
        if (!waiting.Circuits.TryDequeue(out var circuit))
        {
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(TellNext, waiting, preferLocal: false);
        try
        {
            waiting.Tell(circuit);
        }
        catch (Exception exception)
        {
            logger.CircuitNotTold(exception);
        }
    }

    private sealed record Waiting(ConcurrentQueue<SessionStateProvider> Circuits, Action<SessionStateProvider> Tell);
}
