using System.Collections.Concurrent;
using System.Runtime;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlazorAuth.Bench.Circuits;

/// <summary>
/// The server under measurement: an app with one live page, without auth ("plain"), with the platform's cookies ("cookies"), with these and a bare
/// loop that tells every circuit ("told"), or with BlazorAuth.
/// </summary>
internal static class Server
{
    public static async Task RunAsync(string kind, string url)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton<LiveCircuits>();
        builder.Services.AddScoped<CircuitHandler, CountingHandler>();
        AddAuth(builder.Services, kind);
        var app = builder.Build();
        app.UseAntiforgery();
        if (kind.StartsWith("blazorauth", StringComparison.Ordinal))
        {
            app.MapBlazorAuth();
        }

        app.MapRazorComponents<Root>().AddInteractiveServerRenderMode();
        Map(app, kind);
        await app.RunAsync();
    }

    private static void AddAuth(IServiceCollection services, string kind)
    {
        switch (kind)
        {
            case "cookies":
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.Cookie.Name = "session");
                services.AddAuthorization();
                services.AddCascadingAuthenticationState();
                break;
            case "told":
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.Cookie.Name = "session");
                services.AddAuthorization();
                services.AddCascadingAuthenticationState();
                services.AddScoped<AuthenticationStateProvider, ServerAuthenticationStateProvider>();
                break;
            case "blazorauth" or "blazorauth-overlay":
                services.AddBlazorAuth(auth =>
                {
                    auth.Secrets.Add("a-secret-of-the-benchmark-that-is-long-enough");
                    auth.TrustHost = true;
                    auth.Store = "memory";
                });
                break;
        }
    }

    private static void Map(WebApplication app, string kind)
    {
        app.MapGet("/live", IResult () => kind switch
        {
            "plain" => new RazorComponentResult<Page<Unaware>>(),
            "blazorauth-overlay" => new RazorComponentResult<Page<WatchingWithOverlay>>(),
            _ => new RazorComponentResult<Page<Watching>>(),
        });
        app.MapGet("/enter/{user}", (string user, HttpContext http) => kind == "plain" ? Task.CompletedTask : http.SignInAsync(Person(user)));
        if (kind == "told")
        {
            app.MapPost("/revoke/{user}", (LiveCircuits circuits) => circuits.TellAllThatNobodyIsSignedIn());
        }
        else
        {
            app.MapPost("/revoke/{user}", async (string user, SessionManager sessions) => await sessions.RevokeUserAsync(user));
        }

        app.MapGet("/count", (LiveCircuits circuits) => circuits.CountAsync());
        app.MapGet("/memory", () =>
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return GC.GetTotalMemory(forceFullCollection: true);
        });
    }

    // What a provider tells of a person, in the shape that both kinds of cookie keep.
    private static ClaimsPrincipal Person(string user) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, user), new Claim(ClaimTypes.Name, "Ada Lovelace"), new Claim(ClaimTypes.Email, "ada@example.com"),
            new Claim("email_verified", "true"), new Claim("picture", "https://example.com/pictures/ada-lovelace.png"), new Claim(ClaimTypes.Role, "reader"),
        ],
        "bench"));
}

/// <summary>The circuits that are open, each with its own view of who is signed in.</summary>
internal sealed class LiveCircuits
{
    private readonly ConcurrentDictionary<string, AuthenticationStateProvider?> _circuits = new();

    public void Add(string id, AuthenticationStateProvider? state) => _circuits[id] = state;

    public void Remove(string id) => _circuits.TryRemove(id, out _);

    /// <summary>The least that the platform needs: no store, no index, nothing is looked up.</summary>
    public int TellAllThatNobodyIsSignedIn()
    {
        var nobody = Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity())));
        foreach (var state in _circuits.Values)
        {
            ThreadPool.UnsafeQueueUserWorkItem(told => told.SetAuthenticationState(nobody), (ServerAuthenticationStateProvider)state!, preferLocal: false);
        }

        return 1;
    }

    public async Task<Counted> CountAsync()
    {
        var signedIn = 0;
        foreach (var state in _circuits.Values)
        {
            signedIn += state is not null && (await state.GetAuthenticationStateAsync()).User.Identity?.IsAuthenticated == true ? 1 : 0;
        }

        return new Counted(_circuits.Count, signedIn);
    }
}

internal sealed record Counted(int Live, int SignedIn);

internal sealed class CountingHandler(LiveCircuits circuits, IServiceProvider services) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Add(circuit.Id, services.GetService<AuthenticationStateProvider>());
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Remove(circuit.Id);
        return Task.CompletedTask;
    }
}
