using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>Receives <c>NOTIFY</c> on a dedicated connection, which is reopened when it is lost.</summary>
internal sealed class PostgresSignal(PostgresDatabase database, TimeProvider clock, ILogger logger)
{
    private readonly SessionSignalLoop _loop = new(clock, logger);

    /// <summary>Called with the mark of a node.</summary>
    public Action<string> OnMarkReceived { get; set; } = _ => { };

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) => _loop.RunAsync(
        isListening => ListenOnceAsync(onChange, isListening, cancellationToken),
        onListening,
        error => PostgresFailure.IsOne(error) ? database.Failed(error) : null,
        cancellationToken);

    private async Task ListenOnceAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken)
    {
        var channel = await database.ChannelAsync(cancellationToken);
        await using var connection = await database.OpenListeningAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (SessionSignalText.Parse(notification.Payload) is { } change)
            {
                onChange(change);
            }
            else if (SessionSignalText.ParseMark(notification.Payload) is { } mark)
            {
                OnMarkReceived(mark);
            }
        };
        await using (var command = new NpgsqlCommand($"LISTEN \"{channel.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await onListening();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }
}
