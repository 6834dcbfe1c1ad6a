using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests;

/// <summary>How an <see cref="AuthApp"/> is set up. Nothing of the machine's own environment or files is read.</summary>
internal sealed class AuthAppSetup
{
    public string Environment { get; set; } = "Development";

    /// <summary>Environment variables (<c>AUTH_SECRET</c>) and their twins (<c>Auth:Secret</c>).</summary>
    public Dictionary<string, string?> Settings { get; } = new() { ["AUTH_STORE"] = "memory", ["AUTH_SECRET"] = AuthApp.Secret };

    public Action<AuthOptions>? Options { get; set; }

    /// <summary>Adds providers. Default: Google and GitHub, which the stand-ins answer for.</summary>
    public Action<AuthenticationBuilder> Providers { get; set; } = builder => builder.AddGoogle().AddGitHub();

    /// <summary>Runs before <c>AddBlazorAuth</c>.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Whether the app has the packages with the stores on Redis and PostgreSQL.</summary>
    public bool StorePackages { get; set; } = true;

    /// <summary>Adds middleware in front of the endpoints.</summary>
    public Action<WebApplication>? Use { get; set; }

    /// <summary>Maps more endpoints.</summary>
    public Action<WebApplication>? Map { get; set; }

    /// <summary>Whether <c>MapBlazorAuth</c> is called.</summary>
    public bool Maps { get; set; } = true;

    public bool StandIns { get; set; } = true;

    /// <summary>Whether the stand-ins are added before BlazorAuth rather than after it.</summary>
    public bool StandInsFirst { get; set; }

    /// <summary>A real port instead of the in-memory server, which is quicker and takes every scheme and host.</summary>
    public bool Kestrel { get; set; }

    /// <summary>Where the browser finds an app on the in-memory server.</summary>
    public Uri Address { get; set; } = new("http://localhost");

    public string? ContentRoot { get; set; }

    /// <summary>Starts at the real time, because an id token's times are checked against it.</summary>
    public TimeProvider Clock { get; set; } = new TestClock();

    /// <summary>Keeps sessions in a file, so that they outlive the app.</summary>
    public void UseFile(TempFolder folder) => (ContentRoot, Settings["AUTH_STORE"]) = (folder.Path, "sqlite:sessions.db");
}
