using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Nodes;

public sealed class LoopServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The platform's own returns before its work begins: time that passed until then was lost to it.
    [Fact]
    public async Task TimeThatPassesRightAfterTheStartIsSeen()
    {
        for (var i = 0; i < 200; i++)
        {
            var clock = new FakeTimeProvider();
            using var service = new Ticking(clock);
            await service.StartAsync(Token);

            clock.Advance(Ticking.Period);

            await service.Ticked.WaitAsync(TimeSpan.FromSeconds(10), Token);
            await service.StopAsync(Token);
        }
    }

    [Fact]
    public async Task AStartThatIsCancelledEnds()
    {
        using var service = new Ticking(new FakeTimeProvider());

        await service.StartAsync(new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(10), Token);

        await service.StopAsync(Token);
        Assert.False(service.Ticked.IsCompleted);
    }

    private sealed class Ticking(TimeProvider clock) : LoopService
    {
        private readonly TaskCompletionSource _ticked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static TimeSpan Period => TimeSpan.FromSeconds(1);

        public Task Ticked => _ticked.Task;

        protected override async Task LoopAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(Period, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                _ticked.TrySetResult();
            }
        }
    }
}
