namespace BlazorAuth.Sync;

/// <content>What an attempt tells about the store and about this node's own jobs.</content>
internal sealed partial class StoreSync
{
    // An unresponsive store is tried again at the next tick; one log line says when it stops responding, one when it responds again. The same applies to a bug:
    // if the loop ended, this node would silently miss all changes. Only a whole round, which writes and reads, shows that the store responds again, and only
    // the job that hit a bug shows that it is fixed.
    private async Task<bool> TellAsync(
        Func<CancellationToken, Task> work, CancellationToken cancellationToken, SyncJobs job = SyncJobs.Round, bool isWhole = true)
    {
        var failures = state.Failures;
        try
        {
            await work(cancellationToken);

            // A round that started before the failure proves nothing about it.
            if (isWhole && (job != SyncJobs.Round || state.Failures == failures))
            {
                Succeeded(job);
            }

            return true;
        }
        catch (SessionStoreException exception)
        {
            if (state.FellSilent(exception.Message))
            {
                logger.StoreUnreachable(exception);
            }

            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (state.MetDefect(job))
            {
                logger.UpkeepFailed(exception);
            }

            return false;
        }
    }

    private void Succeeded(SyncJobs job)
    {
        if (job == SyncJobs.Round && state.Answered())
        {
            logger.StoreAnswersAgain();
        }

        if (state.LeftDefect(job))
        {
            logger.UpkeepSucceedsAgain();
        }
    }
}
