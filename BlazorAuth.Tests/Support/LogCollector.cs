using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests;

internal sealed record LogLine(string Category, LogLevel Level, EventId Event, string Text);

/// <summary>Everything an app logged at any level, with all values and exceptions.</summary>
internal sealed class LogCollector : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    /// <summary>The lines of the library itself.</summary>
    public IReadOnlyList<LogLine> Own => [.. _lines.Where(line => IsOwn(line))];

    public IReadOnlyList<LogLine> All => [.. _lines];

    /// <summary>Told of every line from now on.</summary>
    public Action<LogLine> OnLine { get; set; } = _ => { };

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public ILogger<T> CreateLogger<T>() => new LoggerFactory([this]).CreateLogger<T>();

    public void Dispose()
    {
    }

    /// <summary>
    /// Fails when a line holds one of these texts. The library's own lines count at every level, others from a warning on: what the platform
    /// says about requests in detail is switched on by the host, not by us.
    /// </summary>
    public void AssertHoldsNone(IEnumerable<string> secrets)
    {
        var lines = _lines.Where(line => IsOwn(line) || line.Level >= LogLevel.Warning).ToList();
        foreach (var secret in secrets.Where(secret => secret.Length >= 6).Distinct())
        {
            Assert.DoesNotContain(lines, line => line.Text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    // The platform's base classes log under the names of our handlers; the library's own events are numbered from 100.
    private static bool IsOwn(LogLine line) => line.Category.StartsWith("BlazorAuth.", StringComparison.Ordinal)
        && !line.Category.StartsWith("BlazorAuth.App.", StringComparison.Ordinal)
        && (line.Event.Id >= 100 || !line.Category.EndsWith("Handler", StringComparison.Ordinal));

    private sealed class Logger(string category, LogCollector owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder(formatter(state, exception));
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                text.Append(' ').Append(name).Append('=').Append(value);
            }

            var line = new LogLine(category, logLevel, eventId, text.Append(' ').Append(exception).ToString());
            owner._lines.Enqueue(line);
            owner.OnLine(line);
        }
    }
}
