using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Circuits;

/// <summary>What a handle says to the circuit that it was written for.</summary>
public sealed class SessionHandoverTests
{
    private const string NewSecret = "the-newer-secret-of-the-tests-that-is-long-enough";

    // Whoever has an old secret that leaked can write handles for a page of their own. They get no more than a live session's row allows.
    [Theory]
    [InlineData(AuthApp.Secret, false)]
    [InlineData(NewSecret, true)]
    public async Task AHandleUnderALeakedOldSecretCountsForNothingWithoutItsRow(string secret, bool isBelieved)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = NewSecret);
        var token = TestContext.Current.CancellationToken;
        var now = app.Clock.GetUtcNow();
        var forged = new SessionTicket
        {
            Id = "no-such-session", UserId = "the-administrator", Provider = "google", Version = 1, SignedInAt = now, AuthenticatedAt = now, IssuedAt = now,
            ExpiresAt = now.AddDays(30), Claims = new JsonObject { [AuthClaims.Roles] = new JsonArray("admin") },
            Mark = new StoreMark((await app.Store.ReadChangesAsync(0, default, token)).StoreId, 1),
        };

        var handle = new SessionHandover(new SessionToken(new SessionKeyRing([secret])), new SharedClock(app.Clock)).Write(forged, "circuit", "browser");
        var handed = app.Services.GetRequiredService<SessionHandover>().Read(handle, "circuit", "browser")!;

        Assert.Equal(isBelieved, (await app.Sessions.CheckAsync(new KnownTicket(handed, isCurrent: true), token)).Ticket is not null);
    }
}
