using StackExchange.Redis;
using static BlazorAuth.Stores.Redis.RedisRows;

namespace BlazorAuth.Stores.Redis;

/// <content>Whether the store still is the one that it was.</content>
internal sealed partial class RedisSessionStore : IWatchedStore
{
    private const int MostNodes = 1000;

    /// <inheritdoc />
    public Action<string> OnMarkReceived
    {
        get => _signal.OnMarkReceived;
        set => _signal.OnMarkReceived = value;
    }

    public async Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default)
    {
        var answer = (RedisValue[])(await _database.RunAsync(
            RedisScripts.Look, cancellationToken, mark.Node, mark.Sequence, Number(mark.StartedAt), MostNodes))!;
        return new StoreLook((string)answer[0]!, (long)answer[1], (string)answer[2]!, Time(answer[3]), Mark(answer[4..7]), Mark(answer[7..10]));
    }

    public async Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) =>
        (int)await _database.RunAsync(RedisScripts.NoteLoss, cancellationToken, expected, losses, number) == 1;

    private static PastLook? Mark(RedisValue[] parts) =>
        (long)parts[0] == 0 ? null : new PastLook((long)parts[0], (long)parts[1], Time(parts[2]));
}
