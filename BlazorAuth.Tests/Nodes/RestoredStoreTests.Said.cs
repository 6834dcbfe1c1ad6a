using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <content>What the nodes say of it.</content>
public sealed partial class RestoredStoreTests
{
    // It gives back what nobody else knew. That is no other loss.
    [Fact]
    public async Task ANodeThatIsToldOfALossSaysTheSameAsTheOneThatFoundIt()
    {
        await UseAsync("postgres");
        var a = await StartAsync();
        var b = await StartAsync(configure: options => options.Session.ReconcileInterval = TimeSpan.FromHours(1));
        var (revoked, _) = await a.SignInAsync();
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));
        await SaveAsync("postgres");
        await a.SignInAsync("eve");
        await Task.WhenAll(RoundAsync(a), RoundAsync(b));
        b.Changes().Apply(new SessionChange(revoked.Id, Revoked: true, Version: 1, revoked.ExpiresAt, TimeProvider.System.GetUtcNow()));
        await RestoreAsync("postgres");
        await LogsAsync(WentBack, a);

        await RoundAsync(b);

        Assert.Equal([WentBack], Said(b));
        Assert.NotNull((await a.Store.FindAsync(revoked.Id, Token))!.RevokedAt);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task ASettingOnOneNodeIsNoLossOnAnyOther(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var (_, old) = await a.SignInAsync();
        await NextSecondAsync();

        var b = await StartAsync(TimeProvider.System.GetUtcNow());

        await LogsAsync(Refused, a, b);
        foreach (var node in (AuthApp[])[a, b])
        {
            var report = (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries["blazorauth"];
            Assert.True(report.Status == HealthStatus.Healthy, report.Description);
            Assert.Contains("AUTH_SESSIONS_NOT_BEFORE was set", report.Description, StringComparison.Ordinal);
            Assert.Equal([Refused], Said(node));
            Assert.False(await node.BelievesAsync(old));
        }
    }
}
