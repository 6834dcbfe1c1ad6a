using System.Diagnostics.CodeAnalysis;

namespace BlazorAuth.Stores;

internal enum StoreKind
{
    Memory,
    Sqlite,
    Postgres,
    Redis,
}

/// <summary>Which store, and where: the value of <c>AUTH_STORE</c>. A connection string may hold a password, so nothing here prints one.</summary>
/// <param name="Kind">Which store.</param>
/// <param name="Value">The path of the file, or the connection string; empty for memory.</param>
internal sealed record StoreAddress(StoreKind Kind, string Value)
{
    public const string AcceptedForms = "sqlite:<path>, postgres:<connection string>, redis:<connection string>, memory";

    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreAddress? address, [NotNullWhen(false)] out string? error, string setting = "AUTH_STORE")
    {
        text = text?.Trim() ?? "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = (colon < 0 ? text : text[..colon]).ToLowerInvariant();
        var value = colon < 0 ? "" : text[(colon + 1)..].Trim();

        (StoreKind? kind, error) = scheme switch
        {
            "memory" => (StoreKind.Memory, colon < 0 ? null : "\"memory\" stands alone."),
            "sqlite" => (StoreKind.Sqlite, CheckPath(value)),
            "postgres" => (StoreKind.Postgres, CheckConnectionString(value, "postgres:Host=db;Database=auth;Username=app;Password=…")),
            "redis" => (StoreKind.Redis, CheckConnectionString(value, "redis:cache:6379,password=…")),
            _ => ((StoreKind?)null, "It names no store that we know."),
        };

        if (error is null && kind is { } known)
        {
            address = new StoreAddress(known, value);
            return true;
        }

        error = $"{setting} cannot be understood. {error} Accepted forms: {AcceptedForms}.";
        address = null;
        return false;
    }

    public override string ToString() => Kind is StoreKind.Sqlite ? $"sqlite:{Value}" : Kind.ToString().ToLowerInvariant();

    private static string? CheckPath(string path) => path switch
    {
        "" => "A path is missing after \"sqlite:\".",
        ":memory:" => "For a store in memory write \"memory\".",
        _ when path.Any(char.IsControl) => "The path holds a control character.",
        _ when path.StartsWith("//", StringComparison.Ordinal) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) =>
            "After \"sqlite:\" comes a plain path, not a URL, such as sqlite:data/auth.db or sqlite:/var/lib/app/auth.db.",
        _ when Path.EndsInDirectorySeparator(path) => "The path names a folder; add the name of a file, such as auth.db.",
        _ => null,
    };

    private static string? CheckConnectionString(string value, string example) => value switch
    {
        "" => $"A connection string is missing; write for example {example}.",
        _ when value.StartsWith("//", StringComparison.Ordinal) => $"A connection string is needed, not a URL; write for example {example}.",
        _ => null,
    };
}
