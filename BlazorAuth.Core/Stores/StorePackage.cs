namespace BlazorAuth.Stores;

/// <summary>A store that BlazorAuth has in a package of its own, because of the driver that comes with it.</summary>
/// <param name="Scheme">What <c>AUTH_STORE</c> calls it.</param>
/// <param name="Product">What people call it.</param>
/// <param name="Id">The package.</param>
/// <param name="Line">What registers the scheme.</param>
/// <param name="KeepsUsers">Whether <c>AUTH_ACCOUNTS</c> can name it.</param>
internal sealed record StorePackage(string Scheme, string Product, string Id, string Line, bool KeepsUsers)
{
    public static readonly IReadOnlyList<StorePackage> All =
    [
        new("postgres", "PostgreSQL", "BlazorAuth.Postgres", ".AddPostgresSessionStore()", KeepsUsers: true),
        new("redis", "Redis", "BlazorAuth.Redis", ".AddRedisSessionStore()", KeepsUsers: false),
    ];

    public static StorePackage? Of(string scheme) => All.FirstOrDefault(package => package.Scheme == scheme);

    /// <summary>What to do where a setting names it and the app doesn't have it.</summary>
    public string Missing(string setting) =>
        $"{setting} names {Product}, whose store is in a package of its own. Run \"dotnet add package {Id}\", and add {Line} after AddBlazorAuth() in Program.cs."
        + (KeepsUsers ? "" : $" {Product} keeps no users: set AUTH_ACCOUNTS too, to sqlite:<path>, postgres:<connection string> or off.");
}
