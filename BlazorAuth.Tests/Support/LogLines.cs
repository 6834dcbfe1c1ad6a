using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests;

/// <summary>The numbered lines that the library logged.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Event, string Text)> _lines = new();

    public IReadOnlyList<int> EventIds => [.. _lines.Select(line => line.Event.Id)];

    public IReadOnlyList<string> Texts => [.. _lines.Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => new Logger(_lines);

    public ILogger<T> CreateLogger<T>() => new LoggerFactory([this]).CreateLogger<T>();

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<(EventId Event, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id is >= 100 and < 700)
            {
                lines.Enqueue((eventId, $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
