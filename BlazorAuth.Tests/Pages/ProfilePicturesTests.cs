using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Pages;

/// <summary>Pictures of users: only where the app wants them, only from servers that the page's policy names, and without a referrer.</summary>
public sealed class ProfilePicturesTests
{
    [Theory]
    [InlineData("https://lh3.googleusercontent.com/a/x=s96-c", true)]
    [InlineData("https://avatars.githubusercontent.com/u/1?v=4", true)]
    [InlineData("https://pictures.example/ada.png", true)]
    [InlineData("https://googleusercontent.com/a", false)]
    [InlineData("https://evilgoogleusercontent.com/a", false)]
    [InlineData("https://lh3.googleusercontent.com.evil.example/a", false)]
    [InlineData("https://lh3.googleusercontent.com:8443/a", false)]
    [InlineData("https://ada@pictures.example/ada.png", false)]
    [InlineData("http://pictures.example/ada.png", false)]
    [InlineData("https://other.example/ada.png", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/ada.png", false)]
    [InlineData(null, false)]
    public void APictureIsShownFromKnownServersAlone(string? image, bool isShown)
    {
        var options = new AuthOptions { Pages = { Pictures = true, PictureHosts = { "https://pictures.example/" } } };

        Assert.Equal(isShown ? image : null, new ProfilePictures(Options.Create(options)).Of(image));
        options.Pages.Pictures = false;
        Assert.Null(new ProfilePictures(Options.Create(options)).Of(image));
        Assert.Equal("", new ProfilePictures(Options.Create(options)).Policy);
    }

    [Fact]
    public async Task TheAccountPageLoadsItWithoutAReferrerAndNoOtherPageMayLoadAny()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options =>
        {
            options.Pages.Pictures = true;
            options.Pages.PictureHosts.Add(FakeProvider.Issuer);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "work");

        var page = await browser.OpenAsync("/api/auth/account");

        var picture = page.Document.QuerySelector(".ba-avatar img")!;
        Assert.Equal(("https://id.example/ada.png", "no-referrer", ""), (picture.GetAttribute("src"), picture.GetAttribute("referrerpolicy"), picture.GetAttribute("alt")));
        Assert.Contains("img-src 'self' data: https://*.googleusercontent.com https://avatars.githubusercontent.com https://id.example;", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("img-src 'self' data:;", (await browser.OpenAsync("/api/auth/sessions")).Header("Content-Security-Policy"), StringComparison.Ordinal);
    }
}
