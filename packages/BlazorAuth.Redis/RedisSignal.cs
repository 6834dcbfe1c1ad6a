using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace BlazorAuth.Stores.Redis;

/// <summary>Hears what the scripts publish. The client comes back and subscribes again by itself; here it is noticed.</summary>
internal sealed class RedisSignal(RedisDatabase database, TimeProvider clock, ILogger logger)
{
    private readonly SessionSignalLoop _loop = new(clock, logger);

    /// <summary>Called with the mark of a node.</summary>
    public Action<string> OnMarkReceived { get; set; } = _ => { };

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) => _loop.RunAsync(
        isListening => ListenOnceAsync(onChange, isListening, cancellationToken),
        onListening,
        error => RedisFailure.IsOne(error) ? RedisFailure.Explain(error) : null,
        cancellationToken);

    private async Task ListenOnceAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken)
    {
        var connection = await database.ConnectAsync().WaitAsync(cancellationToken);
        var subscriber = connection.GetSubscriber();
        var restorations = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        void OnMessage(RedisChannel channel, RedisValue text)
        {
            if (SessionSignalText.Parse(text.ToString()) is { } change)
            {
                onChange(change);
            }
            else if (SessionSignalText.ParseMark(text.ToString()) is { } mark)
            {
                OnMarkReceived(mark);
            }
        }

        void OnRestored(object? sender, ConnectionFailedEventArgs restored) => restorations.Writer.TryWrite(true);

        connection.ConnectionRestored += OnRestored;
        try
        {
            await subscriber.SubscribeAsync(database.Channel, OnMessage).WaitAsync(cancellationToken);
            while (true)
            {
                // Answered on the subscribing connection, after everything before it: the subscription is established.
                await subscriber.PingAsync().WaitAsync(cancellationToken);
                await onListening();
                await restorations.Reader.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            connection.ConnectionRestored -= OnRestored;
            await subscriber.UnsubscribeAsync(database.Channel, OnMessage, CommandFlags.FireAndForget);
        }
    }
}
