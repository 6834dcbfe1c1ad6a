namespace BlazorAuth.Tests.Callbacks;

/// <summary>What callbacks and events may use: the services of the request, whether it was cancelled, and whom it is about.</summary>
public sealed class ContextTests
{
    private readonly List<string> _told = [];

    [Fact]
    public async Task EveryContextBringsServicesOfItsScopeAndTheEndOfItsRequest()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddScoped<Scope>();
            setup.Options = options =>
            {
                options.Callbacks.OnRedirect = context => Tell("redirect", context.Services, null, context.Default);
                options.Callbacks.OnSignIn = context => Tell("signIn", context.Services, context.CancellationToken, SignInDecision.Allow);
                options.Callbacks.OnToken = context => Tell("token", context.Services, context.CancellationToken, true);
                options.Callbacks.OnSession = context => Tell("session", context.Services, context.CancellationToken);
                options.Events.OnSignedIn = context => Tell("signedIn", context.Services, null);
                options.Events.OnSessionRead = context => Tell("sessionRead", context.Services, context.CancellationToken);
                options.Events.OnSignedOut = context => Tell("signedOut", context.Services, null);
                options.Events.OnSessionRevoked = context => Tell("sessionRevoked", context.Services, null);
            };
            setup.Providers = builder => builder.AddGoogle().AddCredentials("password", context => Tell(
                "credentials", context.Services, context.CancellationToken, CredentialsResult.Accept(new SessionUser { Id = "u1", Name = "Ada" })));
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SessionAsync();
        await browser.PostAsync("/api/auth/callback/password");
        await browser.PostAsync("/api/auth/signout");

        Assert.Equal(
            ["credentials", "redirect", "session", "sessionRead", "sessionRevoked", "signIn", "signedIn", "signedOut", "token"],
            _told.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASignInIsDecidedByWhetherTheAddressIsConfirmed(bool isVerified)
    {
        var fake = new FakeProvider();
        fake.User["email_verified"] = isVerified;
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
            ValueTask.FromResult(context.EmailVerified ? SignInDecision.Allow : SignInDecision.Deny));
        using var browser = app.CreateBrowser();
        var end = await browser.SignInAsync(fake, "google");
        Assert.Equal(isVerified ? "/page" : "/api/auth/error", end.Address.AbsolutePath);
    }

    [Fact]
    public async Task AnEventOfARevocationSaysWhoseSessionItWas()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Events.OnSessionRevoked = context =>
        {
            _told.Add($"{context.UserId} {context.SessionId}");
            return ValueTask.CompletedTask;
        });
        await app.BeginSessionAsync("ada", "s1");
        await app.BeginSessionAsync("grace", "s2");

        await app.Sessions.RevokeAsync("grace", "s2", TestContext.Current.CancellationToken);

        Assert.Equal(["grace s2"], _told);
    }

    private ValueTask Tell(string name, IServiceProvider services, CancellationToken? cancelled)
    {
        Assert.NotNull(services.GetRequiredService<Scope>());
        Assert.NotEqual(CancellationToken.None, cancelled);
        _told.Add(name);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<T> Tell<T>(string name, IServiceProvider services, CancellationToken? cancelled, T answer)
    {
        await Tell(name, services, cancelled);
        return answer;
    }

    private sealed class Scope;
}
