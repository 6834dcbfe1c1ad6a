namespace BlazorAuth.Tests.Accounts;

/// <summary>An address that the app writes down (<see cref="AccountManager.UpdateAsync"/>): the one before may have been verified, this one was not.</summary>
public sealed class ChangedAddressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SomebodyElsesAccountIsNotLinkedForIt()
    {
        await using var app = await StartAsync(options => options.Accounts.LinkVerifiedEmail("work"));

        await ChangeAsync(app, eve => eve with { Email = "victim@example.com" });

        Assert.NotEqual("u-eve", await SignInAsVictimAsync(app));
    }

    [Fact]
    public async Task ItKeepsNobodyFromSigningUp()
    {
        await using var app = await StartAsync();

        await ChangeAsync(app, eve => eve with { Email = "victim@example.com" });

        Assert.NotNull(await SignInAsVictimAsync(app));
    }

    [Theory]
    [InlineData("victim@example.com", 0, false)]
    [InlineData("victim@example.com", -1, false)]
    [InlineData("victim@example.com", 1, false)]
    [InlineData("EVE@example.com", 1, true)]
    [InlineData("eve@example.com", -1, true)]
    [InlineData("EVÉ@example.com", 0, false)]
    [InlineData(null, 0, false)]
    public async Task OnlyTheSameAddressStaysVerified(string? address, int minutes, bool isVerified)
    {
        await using var app = await StartAsync();

        var user = await ChangeAsync(app, eve => eve with { Email = address, EmailVerifiedAt = eve.EmailVerifiedAt?.AddMinutes(minutes) });

        Assert.Equal((address, isVerified ? user.CreatedAt : null), (user.Email, user.EmailVerifiedAt));
    }

    // A page that stays open keeps the user it has read, and its visitor presses "Save" twice; or sends two requests at once.
    [Theory]
    [InlineData("victim@example.com")]
    [InlineData("another@example.com")]
    [InlineData(null)]
    public async Task NorDoesSavingTwiceVerifyAnything(string? first)
    {
        await using var app = await StartAsync(options => options.Accounts.LinkVerifiedEmail("work"));
        var manager = app.Services.GetRequiredService<AccountManager>();
        var eve = (await manager.FindAsync("u-eve", Token))!;

        await manager.UpdateAsync(eve with { Email = first }, Token);
        await manager.UpdateAsync(eve with { Email = "victim@example.com" }, Token);

        Assert.Null((await manager.FindAsync("u-eve", Token))!.EmailVerifiedAt);
        Assert.NotEqual("u-eve", await SignInAsVictimAsync(app));
    }

    [Fact]
    public async Task TheAppCanTakeTheVerificationAway()
    {
        await using var app = await StartAsync();

        Assert.Null((await ChangeAsync(app, eve => eve with { EmailVerifiedAt = null })).EmailVerifiedAt);
    }

    [Fact]
    public async Task TheAppSaysThatItHasVerifiedOne()
    {
        await using var app = await StartAsync(options => options.Accounts.LinkVerifiedEmail("work"));
        var manager = app.Services.GetRequiredService<AccountManager>();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await manager.SetVerifiedEmailAsync("u-eve", "victim@example.com", Token));
        Assert.False(await manager.SetVerifiedEmailAsync("nobody", "victim@example.com", Token));

        var user = (await manager.FindAsync("u-eve", Token))!;
        Assert.Equal(("victim@example.com", AccountLimits.ToMilliseconds(app.Clock.GetUtcNow())), (user.Email, user.EmailVerifiedAt));
        Assert.Equal("u-eve", await SignInAsVictimAsync(app));
    }

    private static async Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null)
    {
        var fake = new FakeProvider();
        (fake.User["email"], fake.User["email_verified"]) = ("victim@example.com", true);
        var app = await fake.StartAppAsync(setup =>
        {
            setup.Options = configure;
            var services = setup.Services;
            setup.Services = more =>
            {
                services?.Invoke(more);
                more.AddSingleton(fake);
            };
        });
        var now = app.Clock.GetUtcNow();
        await app.Services.GetRequiredService<IAccountStore>().CreateAsync(
            new UserRecord { Id = "u-eve", Email = "eve@example.com", EmailVerifiedAt = now, CreatedAt = now, LastSeenAt = now },
            new AccountRecord { Issuer = "https://old.example", Subject = "eve", UserId = "u-eve", Provider = "google", LinkedAt = now, LastUsedAt = now }, Token);
        return app;
    }

    private static async Task<UserRecord> ChangeAsync(AuthApp app, Func<UserRecord, UserRecord> change)
    {
        var manager = app.Services.GetRequiredService<AccountManager>();
        Assert.True(await manager.UpdateAsync(change((await manager.FindAsync("u-eve", Token))!), Token));
        return (await manager.FindAsync("u-eve", Token))!;
    }

    /// <summary>Signs in for the first time, at the provider that has verified the address; null when they could not.</summary>
    private static async Task<string?> SignInAsVictimAsync(AuthApp app)
    {
        using var victim = app.CreateBrowser();
        await victim.SignInAsync(app.Services.GetRequiredService<FakeProvider>(), "work");
        return await victim.SessionAsync() == "null" ? null : await victim.UserIdAsync();
    }
}
