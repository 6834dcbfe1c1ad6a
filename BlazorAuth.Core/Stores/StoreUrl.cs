namespace BlazorAuth.Stores;

/// <summary>A database's URL, as other tools take it, in the form that <c>AUTH_STORE</c> takes. Never with its password.</summary>
internal static class StoreUrl
{
    public static string? FormThatWorks(string scheme, string text)
    {
        if (scheme is not ("postgres" or "postgresql" or "redis" or "rediss"))
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return scheme.StartsWith("redis", StringComparison.Ordinal) ? "redis:cache:6379,password=…" : "postgres:Host=db;Database=auth;Username=app;Password=…";
        }

        var user = url.UserInfo.Split(':', 2);
        return scheme.StartsWith("redis", StringComparison.Ordinal) ? Redis(url, user, scheme) : Postgres(url, user);
    }

    private static string Postgres(Uri url, string[] user) => "postgres:" + Join(';',
        "Host=" + url.Host,
        url.Port > 0 ? $"Port={url.Port}" : null,
        url.AbsolutePath.Length > 1 ? "Database=" + Uri.UnescapeDataString(url.AbsolutePath[1..]) : null,
        user[0].Length > 0 ? "Username=" + Uri.UnescapeDataString(user[0]) : null,
        user.Length > 1 ? "Password=…" : null,
        url.Query.Contains("sslmode=", StringComparison.OrdinalIgnoreCase) ? "SSL Mode=Require" : null);

    private static string Redis(Uri url, string[] user, string scheme) => "redis:" + Join(',',
        $"{url.Host}:{(url.Port > 0 ? url.Port : 6379)}",
        user[0].Length > 0 && user.Length > 1 ? "user=" + Uri.UnescapeDataString(user[0]) : null,
        url.UserInfo.Length > 0 ? "password=…" : null,
        url.AbsolutePath.Length > 1 ? "defaultDatabase=" + url.AbsolutePath[1..] : null,
        scheme == "rediss" ? "ssl=true" : null);

    private static string Join(char separator, params string?[] parts) => string.Join(separator, parts.Where(part => part is not null));
}
