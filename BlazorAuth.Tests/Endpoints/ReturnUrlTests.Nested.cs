namespace BlazorAuth.Tests.Endpoints;

/// <content>Return addresses inside each other.</content>
public sealed partial class ReturnUrlTests
{
    [Fact]
    public void EndpointsWithinEndpointsComeToAnEnd()
    {
        const string Nested = "/shop/api/auth/signin?callbackUrl=";
        var deepest = string.Concat(Enumerable.Repeat(Nested, (ReturnUrl.Longest - 100) / Nested.Length));
        Assert.Equal("https://app.example/page", Parse(Nested + Nested + "/page"));
        Assert.Equal("https://app.example/shop", Parse(Nested + Nested + Nested + "/page"));
        Assert.Equal("https://app.example/shop", Parse(deepest + "/page"));
        Assert.Equal("https://app.example/shop", Parse(deepest));
        Assert.Equal("https://app.example/shop", Parse(deepest + "+++//evil.example"));
    }

    // Each level was read anew with all that is inside it: a cookie of 12 KB cost a tenth of a second before anything was counted.
    [Theory]
    [InlineData("/shop/api/auth?callbackUrl=")]
    [InlineData("/shop/api/auth/signout?callbackUrl=")]
    [InlineData("https://app.example/shop/api/auth/signin?callbackUrl=")]
    [InlineData("https://front.example:8443/api/auth?callbackUrl=")]
    public void ReturnAddressesInsideEachOtherCostNoMoreThanTheirLength(string level)
    {
        var text = string.Concat(Enumerable.Repeat(level, (ReturnUrl.Longest - 100) / level.Length));
        Parse(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith(level.StartsWith('/') ? "https://app.example" : new Uri(level).GetLeftPart(UriPartial.Authority), Parse(text), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100L * text.Length);
    }

    [Theory]
    [InlineData("/shop/api/auth/signin?callbackUrl=%2Fshop%2Fnotes", "https://app.example/shop/notes")]
    [InlineData("/shop/api/auth/signin?callbackUrl=%2Fshop%2Fapi%2Fauth%2Ferror%3FcallbackUrl%3D%252Fshop%252Fnotes", "https://app.example/shop/notes")]
    [InlineData("/shop/api/auth?callbackUrl=/shop/api/auth?callbackUrl=/shop/api/auth?callbackUrl=/shop/notes", "https://app.example/shop")]
    public void APageThatLeadsToAPageLeadsThere(string text, string expected) => Assert.Equal(expected, Parse(text));
}
