using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Tests.Nodes;

/// <content>Stores that respond and do not write.</content>
public sealed partial class HealthTests
{
    /// <summary>A full disk, a missing right, a lock: whatever the node's own rounds write is not what a sign-in writes.</summary>
    [Fact]
    public async Task AStoreThatRespondsButWritesNoSignInIsSeen()
    {
        var schema = await postgres.CreateSchemaAsync();
        await using var app = await StartAsync("postgres:" + schema);
        await app.BecomesAsync(HealthStatus.Healthy);
        await FillAsync(schema, "blazorauth_sessions");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SignInAsync(app)).StatusCode);

        Assert.Equal(HealthStatus.Degraded, await app.HealthAsync());
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Contains("did not write the last sign-in", report.Entries["blazorauth"].Description, StringComparison.Ordinal);
        Assert.Contains("Free some space", report.Entries["blazorauth"].Description, StringComparison.Ordinal);
        await app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: false, Token);
        Assert.Equal(HealthStatus.Degraded, await app.HealthAsync());

        await PostgresServer.ExecuteAsync(schema, "DROP TRIGGER full_disk ON blazorauth_sessions");
        Assert.Equal(HttpStatusCode.Found, (await SignInAsync(app)).StatusCode);
        Assert.Equal(HealthStatus.Healthy, await app.HealthAsync());
    }

    /// <summary>The rounds only read, or touch who is known: the store responds to them.</summary>
    [Fact]
    public async Task AnAccountStoreThatRespondsButAddsNoUserIsSeen()
    {
        var schema = await postgres.CreateSchemaAsync();
        await using var app = await StartAsync("postgres:" + schema);
        await app.BecomesAsync(HealthStatus.Healthy);
        Assert.Equal(HttpStatusCode.Found, (await SignInAsync(app, "ada")).StatusCode);
        await FillAsync(schema, "blazorauth_users");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SignInAsync(app)).StatusCode);

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(HealthStatus.Degraded, report.Entries["blazorauth-accounts"].Status);
        Assert.Contains("did not add the last user", report.Entries["blazorauth-accounts"].Description, StringComparison.Ordinal);
        Assert.Contains("Free some space", report.Entries["blazorauth-accounts"].Description, StringComparison.Ordinal);
        await app.Services.GetServices<IHostedService>().OfType<AccountUpkeep>().Single().RunAsync(Token);
        Assert.Equal(HttpStatusCode.Found, (await SignInAsync(app, "ada")).StatusCode);
        Assert.Equal(HealthStatus.Degraded, await app.HealthAsync());

        await PostgresServer.ExecuteAsync(schema, "DROP TRIGGER full_disk ON blazorauth_users");
        Assert.Equal(HttpStatusCode.Found, (await SignInAsync(app)).StatusCode);
        Assert.Equal(HealthStatus.Healthy, await app.HealthAsync());
    }

    [Fact]
    public async Task AFullStoreIsSeenAndTheLogOfASignInNamesTheRemedy()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        await using var app = await StartAsync("redis:" + own.ConnectionString);
        var (ended, endedCookie) = await app.SignInAsync();
        var (_, expiring) = await app.SignInAsync();
        await app.BecomesAsync(HealthStatus.Healthy);

        await own.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        await app.BecomesAsync(HealthStatus.Degraded);

        var answer = await SignInAsync(app);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("Its memory is full: raise maxmemory", StringComparison.Ordinal));
        Assert.True(await app.BelievesAsync(expiring));
        await app.SignOutAsync(endedCookie);
        Assert.False(await app.BelievesAsync(endedCookie));
        Assert.NotNull((await app.Store.FindAsync(ended.Id, Token))!.RevokedAt);
        await app.Store.RemoveExpiredAsync(DateTimeOffset.MaxValue, Token);

        await own.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await app.BecomesAsync(HealthStatus.Healthy);
        Assert.Single(app.Logs.Own, line => line.Event.Id == 410);
        Assert.Single(app.Logs.Own, line => line.Event.Id == 411);
    }

    private static Task<object?> FillAsync(string schema, string table) => PostgresServer.ExecuteAsync(
        schema,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$; "
        + $"CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()");
}
