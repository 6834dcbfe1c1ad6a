namespace BlazorAuth.Tests.Stores;

/// <summary>An app without the package of the store that its settings name.</summary>
public sealed class StorePackageTests
{
    [Theory]
    [InlineData("AUTH_STORE", "redis:cache:6379,password=hunter2", "Redis", "BlazorAuth.Redis", ".AddRedisSessionStore()", " Redis keeps no users: set AUTH_ACCOUNTS too, to sqlite:<path>, postgres:<connection string> or off.")]
    [InlineData("AUTH_STORE", "postgres:Host=db;Password=hunter2", "PostgreSQL", "BlazorAuth.Postgres", ".AddPostgresSessionStore()")]
    [InlineData("AUTH_ACCOUNTS", "postgres:Host=db;Password=hunter2", "PostgreSQL", "BlazorAuth.Postgres", ".AddPostgresSessionStore()")]
    public async Task TheStartIsRefusedAndNamesThePackageAndTheLine(string setting, string store, string product, string package, string line, string more = "")
    {
        var failure = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.StorePackages = false;
            setup.Settings[setting] = store;
        }));

        Assert.Equal(
            $"{setting} names {product}, whose store is in a package of its own. Run \"dotnet add package {package}\", and add {line} after AddBlazorAuth() in Program.cs.{more}",
            failure.Message);
    }

    /// <summary>The names in the message are those of the real package and its real method.</summary>
    [Fact]
    public void ThePackageAndTheLineExist() => Assert.Equal(
        StorePackage.All.Select(package => (package.Scheme, package.Id, package.Line)),
        from extensions in (Type[])[typeof(PostgresSessionStoreExtensions), typeof(RedisSessionStoreExtensions)]
        let method = extensions.GetMethods().Single(method => method.IsStatic && method.GetParameters().Length == 1)
        let id = extensions.Assembly.GetName().Name!
        select (id["BlazorAuth.".Length..].ToLowerInvariant(), id, $".{method.Name}()"));
}
