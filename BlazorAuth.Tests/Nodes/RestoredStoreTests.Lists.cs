using BlazorAuth.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorAuth.Tests.Nodes;

/// <content>What ends sessions by the store's list of them ends those that it has lost, too.</content>
public sealed partial class RestoredStoreTests
{
    [Theory]
    [InlineData("redis", "stamp")]
    [InlineData("redis", "account")]
    [InlineData("postgres", "stamp")]
    [InlineData("postgres", "account")]
    public async Task ALostSessionOutlivesNeitherANewStampNorTheDisconnectionOfItsAccount(string kind, string end)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var (_, known) = await a.SignInAsync("eve");
        await RoundAsync(a);
        await SaveAsync(kind);
        var (thief, lost) = await a.SignInAsync("eve");
        var (_, other) = await a.SignInAsync("ada");
        await RoundAsync(a);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);
        Assert.Null(await a.Store.FindAsync(thief.Id, Token));

        if (end == "stamp")
        {
            Assert.Equal((1, false), await a.Sessions.RevokeOtherStampsAsync("eve", "new", "old", null, Token));
        }
        else
        {
            await a.Sessions.RevokeThoseOfAsync("eve", null, "42", [], null, Token);
        }

        await RoundAsync(a);
        foreach (var node in (AuthApp[])[a, await StartAsync()])
        {
            Assert.False(await node.BelievesAsync(known));
            Assert.False(await node.BelievesAsync(lost));
            Assert.True(await node.BelievesAsync(other));
        }
    }

    // Nobody knows the stamp that it began with.
    [Fact]
    public async Task WhereStampsCountNothingIsWrittenAgain()
    {
        await UseAsync("redis");
        var a = await StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton(new StampUse(Counts: true))));
        await RoundAsync(a);
        await SaveAsync("redis");
        var (session, cookie) = await a.SignInAsync("eve");
        await RoundAsync(a);
        await RestoreAsync("redis");
        await LogsAsync(WentBack, a);

        Assert.False(await a.BelievesAsync(cookie));
        Assert.Null(await a.Store.FindAsync(session.Id, Token));
    }
}
