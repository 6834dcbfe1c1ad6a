using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Http;

/// <summary>The platform throws about some addresses instead of refusing them: whoever sends one gets no exception out of us.</summary>
public sealed class WebUriTests
{
    public static TheoryData<string> Impossible =>
        [" //\u202e", "\t//\u200e/", "//\u202a", "https://\u2066", "https://\u200d/x", "http://\ufeff:4", "https://", "https:/app.example", "app.example", "", "ftp://app.example", " https://app.example"];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void WhatIsNoAddressIsRefused(string text) => Assert.False(WebUri.TryParse(text, out _));

    [Theory]
    [InlineData("https://app.example", "app.example")]
    [InlineData("HTTP://localhost:5080/a?b#c", "localhost")]
    [InlineData("https://münchen.example/", "xn--mnchen-3ya.example")]
    [InlineData("https://[::1]:8443/", "::1")]
    public void AnAddressIsRead(string text, string host)
    {
        Assert.True(WebUri.TryParse(text, out var address));
        Assert.Equal(host, address.IdnHost);
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task NoPageFailsBecauseOfOne(string text)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin?callbackUrl=" + Uri.EscapeDataString(text));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/api/auth/error?error=AccessDenied&callbackUrl=" + Uri.EscapeDataString(text))).Status);
    }

    [Theory]
    [InlineData(" //\u202e")]
    [InlineData("https://\u2066")]
    public async Task NobodyIsKeptOutByTheirPicture(string picture)
    {
        var provider = new FakeProvider();
        provider.User["picture"] = picture;
        await using var app = await provider.StartAppAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(provider, "google")).Text);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/api/auth/signout")).Status);
    }

    /// <summary>Only what the app's own set-up names is left to the platform's reader.</summary>
    [Fact]
    public void NothingFromOutsideIsReadOtherwise()
    {
        var core = Path.Combine(Repository.Root, "BlazorAuth.Core");
        Assert.Equal(
            ["Configuration/OptionSetting.cs", "Http/WebUri.cs", "Startup/AuthOptionsValidator.cs", "Startup/AuthStartup.cs", "Stores/StoreUrl.cs"],
            from file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(core, file).Replace('\\', '/')
            where !name.StartsWith("obj/", StringComparison.Ordinal) && Regex.IsMatch(File.ReadAllText(file), @"\bUri\.TryCreate\(")
            orderby name
            select name);
    }
}
