using BlazorAuth.Tests.Circuits;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <content>Open pages, which send no requests.</content>
public sealed partial class IdentityStampTests
{
    // A client of one's own holds connections for hours, and begins one circuit after the other, each too short for a round.
    [Theory]
    [InlineData("stamp")]
    [InlineData("role")]
    [InlineData("deleted")]
    public async Task ACircuitThatBeginsLateIsAskedAbout(string what)
    {
        var (app, ada, ticket) = await StartWithEditorsSessionAsync();
        await using var running = app;
        var connection = TestTicket.State(ticket, app.App.Clock.GetUtcNow());
        await ChangeWhatAsync(app, ada, what);
        app.App.Clock.Advance(TimeSpan.FromHours(10));

        var circuit = new TestCircuit(new SessionStateProvider(app.App.Services.GetRequiredService<CircuitSessions>()));
        circuit.State.SetAuthenticationState(connection);
        await circuit.State.OpenAsync();

        Assert.Equal((what == "role", false), (circuit.IsSignedIn, circuit.User.IsInRole("editor")));
    }

    // A hub is one request, however long it is open, and asks as docs/use-the-session.md says.
    [Theory]
    [InlineData("stamp")]
    [InlineData("role")]
    [InlineData("deleted")]
    public async Task WhatAHubIsToldIsNoOlderThanTheInterval(string what)
    {
        var (app, ada, ticket) = await StartWithEditorsSessionAsync();
        await using var running = app;
        await ChangeWhatAsync(app, ada, what);
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));

        var mine = (await app.App.Sessions.ListAsync(ticket.Session, TestContext.Current.CancellationToken)).SingleOrDefault(one => one.IsCurrent);
        Assert.Equal((what == "role", false), (mine is not null, mine?.Claims.Values.Any(value => value.GetRawText().Contains("editor", StringComparison.Ordinal)) == true));
    }

    private static async Task<(IdentityApp App, IdentityUser Ada, SessionTicket Ticket)> StartWithEditorsSessionAsync()
    {
        var (app, ada, browser) = await StartWithEditorAsync();
        using (browser)
        {
            var id = (string?)(await browser.OpenAsync("/claims")).Json![AuthClaims.SessionId];
            return (app, ada, (await app.App.Sessions.FindTicketAsync(id!, TestContext.Current.CancellationToken))!);
        }
    }

    private static Task ChangeWhatAsync(IdentityApp app, IdentityUser ada, string what) => what switch
    {
        "stamp" => ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another"))),
        "deleted" => ChangeRowAsync(app, users => users.ExecuteDeleteAsync()),
        _ => app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor")),
    };

    [Fact]
    public async Task APageEndsThoughItsEndCannotBeWritten()
    {
        OwnStore store = null!;
        await using var app = await IdentityApp.StartAsync(setup =>
            setup.Services += services => services.AddSingleton<ISessionStore>(store = new OwnStore(setup.Clock)));
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        var circuit = await app.OpenCircuitAsync(browser);
        await ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));
        store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) ? throw new SessionStoreException("The store refuses writes.") : 0;

        app.App.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task APageThatSendsNothingIsAskedAboutToo()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var circuit = await app.OpenCircuitAsync(browser);
        await ChangeRowAsync(app, users => users.ExecuteDeleteAsync());
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }
}
