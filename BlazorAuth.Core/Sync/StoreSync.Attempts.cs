namespace BlazorAuth.Sync;

/// <content>What an attempt tells about the store and about this node's own jobs.</content>
internal sealed partial class StoreSync
{
    // A store that does not answer is asked again at the next tick; one line tells when it fell silent, one when it answers again. So is one with a
    // defect: a loop that ends would leave this node without news, and nobody would know.
    // Only a whole round, which writes and reads, shows that it does answer again, and only the job that met a defect shows that this is over.
    private async Task<bool> TellAsync(
        Func<CancellationToken, Task> work, CancellationToken cancellationToken, SyncJobs job = SyncJobs.Round, bool isWhole = true)
    {
        var failures = state.Failures;
        try
        {
            await work(cancellationToken);

            // A round that began before something failed says nothing about it.
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
