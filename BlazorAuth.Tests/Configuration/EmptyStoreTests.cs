namespace BlazorAuth.Tests.Configuration;

/// <summary>A store that should have been named and wasn't.</summary>
public sealed class EmptyStoreTests
{
    [Fact]
    public async Task AnEmptyStoreStopsTheStart()
    {
        using var folder = new TempFolder();
        var error = await Record.ExceptionAsync(async () =>
        {
            await using var app = await AuthApp.StartAsync(setup =>
            {
                (setup.Environment, setup.StandIns, setup.ContentRoot) = ("Production", false, folder.Path);
                (setup.Settings["AUTH_STORE"], setup.Settings["AUTH_URL"]) = ("", "https://notes.example.com");
                (setup.Settings["AUTH_GOOGLE_ID"], setup.Settings["AUTH_GOOGLE_SECRET"]) = ("id", "secret");
                setup.Providers = builder => builder.AddGoogle();
            });
        });

        Assert.Contains("AUTH_STORE is set, but empty", Assert.IsType<AuthSetupException>(error).Message, StringComparison.Ordinal);
    }
}
