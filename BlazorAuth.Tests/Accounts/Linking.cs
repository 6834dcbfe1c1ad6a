namespace BlazorAuth.Tests.Accounts;

/// <summary>An app with two providers, both played by one fake: Acme calls the person <c>id</c>, Work <c>sub</c>.</summary>
internal sealed class Linking : IAsyncDisposable
{
    private Linking(AuthApp app, FakeProvider fake) => (App, Fake) = (app, fake);

    public AuthApp App { get; }

    public FakeProvider Fake { get; }

    public IAccountStore Store => App.Services.GetRequiredService<IAccountStore>();

    public static async Task<Linking> StartAsync(Action<AuthOptions>? configure = null, Action<AuthAppSetup>? more = null)
    {
        var fake = new FakeProvider();
        fake.User.Remove("email_verified");
        return new Linking(await fake.StartAppAsync(setup =>
        {
            setup.Options = configure;
            more?.Invoke(setup);
        }), fake);
    }

    /// <summary>Signs in and returns the user's id.</summary>
    public async Task<string> SignInAsync(Browser browser, string provider)
    {
        await browser.SignInAsync(Fake, provider);
        return await browser.UserIdAsync();
    }

    /// <summary>Presses "Connect Work" on the account page, and returns where the provider is asked.</summary>
    public static async Task<Uri> StartConnectAsync(Browser browser) =>
        (await browser.PressAsync(await browser.OpenAsync("/api/auth/account"), "form[action$='connect/work'] button")).Location!;

    public async Task<Page> ConnectAsync(Browser browser) => await browser.ArriveAsync(Fake.Answer(await StartConnectAsync(browser)));

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
