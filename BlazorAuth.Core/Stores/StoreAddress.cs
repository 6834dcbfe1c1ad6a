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
            _ when value.StartsWith("//", StringComparison.Ordinal) && StoreUrl.FormThatWorks(scheme, text) is { } form =>
                ((StoreKind?)null, $"It takes a connection string, not a URL: use AUTH_STORE={form}"),
            "postgresql" => (null, "For PostgreSQL, use \"postgres\"."),
            "memory" => (StoreKind.Memory, colon < 0 ? null : "\"memory\" takes nothing after it."),
            "sqlite" => (StoreKind.Sqlite, CheckPath(value)),
            "postgres" => (StoreKind.Postgres, CheckConnectionString(value, "postgres:Host=db;Database=auth;Username=app;Password=…")),
            "redis" => (StoreKind.Redis, CheckConnectionString(value, "redis:cache:6379,password=…")),
            _ => ((StoreKind?)null, "Unknown kind of store."),
        };

        if (error is null && kind is { } known)
        {
            address = new StoreAddress(known, value);
            return true;
        }

        error = $"{setting} is not valid. {error} Accepted forms: {AcceptedForms}.";
        address = null;
        return false;
    }

    public override string ToString() => Kind is StoreKind.Sqlite ? $"sqlite:{Value}" : Kind.ToString().ToLowerInvariant();

    private static string? CheckPath(string path) => path switch
    {
        "" => "A path is missing after \"sqlite:\".",
        ":memory:" => "For an in-memory store, use \"memory\".",
        _ when path.Any(char.IsControl) => "The path contains a control character.",
        _ when path.StartsWith("//", StringComparison.Ordinal) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase) =>
            "After \"sqlite:\" comes a plain path, not a URL, such as sqlite:data/auth.db or sqlite:/var/lib/app/auth.db.",
        _ when Path.EndsInDirectorySeparator(path) => "The path is a folder; add a file name, such as auth.db.",
        _ => null,
    };

    private static string? CheckConnectionString(string value, string example) => value switch
    {
        "" => $"The connection string is missing. Use a form such as {example}.",
        _ => null,
    };
}
