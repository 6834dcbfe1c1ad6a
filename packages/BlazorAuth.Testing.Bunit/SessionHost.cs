using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Testing;

/// <summary>A small app around the components of a test: the real sessions, in memory, and one circuit.</summary>
internal sealed class SessionHost : IDisposable, IAsyncDisposable
{
    private static readonly Uri Address = new("http://localhost/");

    private readonly WebApplication _app;
    private readonly AsyncServiceScope _circuit;

    private SessionHost(WebApplication app, IServiceCollection registered, MovableClock clock)
    {
        _app = app;
        Registered = registered;
        Clock = clock;
        _circuit = app.Services.CreateAsyncScope();
        State = _circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
    }

    public MovableClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What the app registered, to be lent to the components.</summary>
    public IServiceCollection Registered { get; }

    /// <summary>Who is signed in on the page.</summary>
    public AuthenticationStateProvider State { get; }

    public Session? Session { get; private set; }

    public static async Task<SessionHost> StartAsync(TestUser? user, Action<AuthenticationBuilder>? configure)
    {
        var clock = new MovableClock();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new("AUTH_STORE", "memory"), new("AUTH_SECRET", "the secret of a test of components, not of any app")]);
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        var authentication = builder.Services.AddBlazorAuth();
        configure?.Invoke(authentication);
        var app = builder.Build();
        app.MapBlazorAuth();
        await app.StartAsync();
        var host = new SessionHost(app, builder.Services, clock);
        await host.OpenAsync(user);
        return host;
    }

    // A bUnit test may dispose synchronously.
    public void Dispose() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _circuit.DisposeAsync();
        await _app.DisposeAsync();
    }

    private async Task OpenAsync(TestUser? user)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity());
        if (user is not null)
        {
            var made = await SessionMaker.BeginAsync(Services, user, Address);
            principal = (await SessionMaker.PrincipalAsync(_circuit.ServiceProvider, made.Cookies, Address))!;
            Session = (await Services.GetRequiredService<SessionManager>().ListAsync(user.Id)).Single();
        }

        ((IHostEnvironmentAuthenticationStateProvider)State).SetAuthenticationState(Task.FromResult(new AuthenticationState(principal)));
        foreach (var handler in _circuit.ServiceProvider.GetServices<CircuitHandler>())
        {
            // None of BlazorAuth's handlers uses the circuit.
            await handler.OnCircuitOpenedAsync(null!, CancellationToken.None);
        }
    }
}
