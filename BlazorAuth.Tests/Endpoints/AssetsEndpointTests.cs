using System.IO.Compression;
using System.Net;
using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET assets/{name}</c>: style sheets, scripts and the client, from inside the assembly.</summary>
public sealed class AssetsEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task AssetsAreServedOnceAndForAll()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/signin");
        var assets = page.Document.QuerySelectorAll("script[src], link[rel=stylesheet]");
        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            var answer = await browser.FetchAsync(HttpMethod.Get, asset.GetAttribute("src") ?? asset.GetAttribute("href")!);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
            Assert.Equal("no-cache", (await browser.FetchAsync(HttpMethod.Get, answer.Address.AbsolutePath)).Header("Cache-Control"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.FetchAsync(HttpMethod.Get, "/api/auth/assets/other.css")).Status);
    }

    [Fact]
    public void StyleSheetsAndScriptsStayBelowThirtyKilobytes()
    {
        var names = new[] { AuthAssets.StyleSheet, AuthAssets.Script, AuthAssets.App, AuthAssets.SessionScript };
        var compressed = names.Sum(name =>
        {
            using var target = new MemoryStream();
            using (var brotli = new BrotliStream(target, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                brotli.Write(System.Text.Encoding.UTF8.GetBytes(AuthAssets.Text(name)));
            }

            return target.Length;
        });
        Assert.InRange(compressed, 1, 30 * 1024);
        TestContext.Current.SendDiagnosticMessage("CSS and scripts: {0} bytes compressed", compressed);
    }

    [Theory]
    [InlineData(AuthAssets.StyleSheet, "text/css")]
    [InlineData(AuthAssets.Theme, "text/css")]
    [InlineData(AuthAssets.SessionScript, "text/javascript")]
    [InlineData(AuthAssets.Client, "text/javascript")]
    [InlineData(AuthAssets.ClientTypes, "text/plain")]
    public async Task ACompressedAssetIsTheSameText(string name, string type)
    {
        using var browser = plain.App.CreateBrowser();
        var (text, compressed) = (await GetAsync(browser, name, null), await GetAsync(browser, name, "gzip, br"));
        Assert.Equal((type, "utf-8"), (text.Content.Headers.ContentType!.MediaType, text.Content.Headers.ContentType.CharSet));
        Assert.Equal(["br"], compressed.Content.Headers.ContentEncoding);
        Assert.Empty(text.Content.Headers.ContentEncoding);
        Assert.All([text, compressed], answer => Assert.Contains("Accept-Encoding", answer.Headers.Vary));
        await using var unpacked = new BrotliStream(await compressed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(await text.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("BLAZORAUTH.CSS")]
    [InlineData("..%2Fblazorauth.css")]
    [InlineData("..%5C..%5Cappsettings.json")]
    [InlineData("blazorauth.css%20")]
    [InlineData("en.resx")]
    public async Task NothingElseIsServed(string name)
    {
        using var browser = plain.App.CreateBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.FetchAsync(HttpMethod.Get, "/api/auth/assets/" + name)).Status);
    }

    [Fact]
    public async Task ThePicturesOfTheThemeAreBelowThePathBase()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_URL"] = "http://localhost/shop";
            setup.Options = auth => auth.Pages.Background = "/hills.jpg";
        });
        using var browser = app.CreateBrowser();
        Assert.Contains("url(\"/shop/hills.jpg\")", (await browser.GetAsync("/shop/api/auth/assets/theme.css")).Text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> GetAsync(Browser browser, string name, string? encodings) =>
        (await browser.FetchAsync(HttpMethod.Get, "/api/auth/assets/" + name, null, ("Accept-Encoding", encodings))).Response;
}
