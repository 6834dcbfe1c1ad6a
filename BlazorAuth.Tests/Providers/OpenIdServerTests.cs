using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>panva's <c>oidc-provider</c>, the certified implementation from npm, in the variants that clients meet.</summary>
[Needs(Needs.Node)]
public sealed partial class OpenIdServerTests
{
    private const string Callback = "https://localhost/api/auth/callback/work";

    [Theory]
    [InlineData("basic")]
    [InlineData("post")]
    [InlineData("none")]
    [InlineData("private_key_jwt")]
    [InlineData("par_optional")]
    [InlineData("par_required")]
    [InlineData("form_post")]
    [InlineData("es256")]
    [InlineData("rotating")]
    public async Task APersonSignsIn(string variant)
    {
        using var folder = new TempFolder();
        using var key = RSA.Create(2048);
        var keyFile = Path.Combine(folder.Path, "client.jwk");
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.ExportParameters(false)));
        await File.WriteAllTextAsync(keyFile, JsonSerializer.Serialize(new { kty = "RSA", n = jwk.N, e = jwk.E, kid = "client-key", use = "sig", alg = "RS256" }), TestContext.Current.CancellationToken);
        await using var server = ServerProcess.Start(await Npm.ScriptAsync("openid-server.mjs", variant, Callback, keyFile));
        var issuer = (await server.ListenAsync()).GetLeftPart(UriPartial.Authority);
        await using var app = await StartAppAsync(issuer, variant, key);
        await SignInAsync(app, variant == "form_post");
        if (variant == "rotating")
        {
            using var client = new HttpClient();
            (await client.GetAsync(new Uri(issuer + "/rotate"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            await SignInAsync(app, byPost: false);
        }
    }

    private static Task<AuthApp> StartAppAsync(string issuer, string variant, RSA key) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Address = new Uri("https://localhost");
        setup.Settings["AUTH_WORK_ISSUER"] = issuer;
        setup.Settings["AUTH_WORK_ID"] = "client";
        if (variant == "private_key_jwt")
        {
            setup.Settings["AUTH_WORK_PRIVATE_KEY"] = key.ExportPkcs8PrivateKeyPem();
            setup.Settings["AUTH_WORK_PRIVATE_KEY_ID"] = "client-key";
        }
        else if (variant != "none")
        {
            setup.Settings["AUTH_WORK_SECRET"] = "a secret:with %signs+and/slashes=0123456789";
        }

        setup.Providers = builder => builder.AddOpenIdConnect("work", "Work", options => options.ResponseMode = variant == "form_post" ? "form_post" : options.ResponseMode);
    });

    private static async Task SignInAsync(AuthApp app, bool byPost)
    {
        using var browser = app.CreateBrowser();
        using var elsewhere = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var at = (await browser.StartSignInAsync("work")).Location!;
        for (var hops = 0; hops < 10 && !at.AbsoluteUri.StartsWith(Callback, StringComparison.Ordinal); hops++)
        {
            var answer = await elsewhere.GetAsync(at, TestContext.Current.CancellationToken);
            if (byPost && answer.StatusCode == HttpStatusCode.OK)
            {
                var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                var posted = await browser.PostAsync(Callback, Input().Matches(page).Select(input => KeyValuePair.Create(input.Groups["name"].Value, WebUtility.HtmlDecode(input.Groups["value"].Value))), site: "cross-site");
                Assert.True(posted.Location!.AbsolutePath == "/page", $"{posted.Location}: {string.Join('\n', app.Logs.Own.Where(line => line.Event.Id is 301 or 302 or 312).Select(line => line.Text))}");
                break;
            }

            Assert.True(answer.Headers.Location is not null, $"{(int)answer.StatusCode} at {at}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            at = new Uri(at, answer.Headers.Location);
        }

        if (!byPost)
        {
            Assert.Equal("/page", (await browser.ArriveAsync(at)).Address.AbsolutePath);
        }

        var session = await browser.SessionAsync();
        Assert.Contains("Ada Lovelace", session, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", session, StringComparison.Ordinal);
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"/?>""")]
    private static partial Regex Input();
}
