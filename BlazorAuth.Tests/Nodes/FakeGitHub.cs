using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.Nodes;

/// <summary>What GitHub answers, for nodes that are processes of their own. It lets everybody in as one person, at once, and checks the PKCE verifier.</summary>
internal sealed class FakeGitHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private string? _challenge;

    private FakeGitHub(WebApplication app, string address)
    {
        _app = app;
        Settings =
        [
            ("AUTH_GITHUB_ID", "client"), ("AUTH_GITHUB_SECRET", "client-secret"),
            ("AUTH_GITHUB_AUTHORIZATION_ENDPOINT", address + "/authorize"), ("AUTH_GITHUB_TOKEN_ENDPOINT", address + "/token"),
            ("AUTH_GITHUB_USERINFO_ENDPOINT", address + "/user"), ("AUTH_GITHUB_EMAILS_ENDPOINT", address + "/emails"),
        ];
        app.MapGet("/authorize", (HttpContext http) =>
        {
            _challenge = http.Request.Query["code_challenge"];
            return Results.Redirect(QueryHelpers.AddQueryString(
                http.Request.Query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = "code", ["state"] = http.Request.Query["state"] }));
        });
        app.MapPost("/token", async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync();
            var verifier = System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString());
            return WebEncoders.Base64UrlEncode(System.Security.Cryptography.SHA256.HashData(verifier)) == _challenge
                ? Results.Json(new { access_token = "token", token_type = "bearer" })
                : Results.BadRequest();
        });
        app.MapGet("/user", () => Results.Json(new { id = 4711, login = "ada", name = "Ada Lovelace" }));
        app.MapGet("/emails", () => Results.Json(new[] { new { email = "ada@example.com", primary = true, verified = true } }));
    }

    /// <summary>The variables that point a node here.</summary>
    public (string Name, string Value)[] Settings { get; }

    public static async Task<FakeGitHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        builder.WebHost.UseUrls(address);
        var server = new FakeGitHub(builder.Build(), address);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
