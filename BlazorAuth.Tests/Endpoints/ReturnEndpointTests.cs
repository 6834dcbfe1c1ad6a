namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET return</c>: the second step of a sign-in that ends at a long address. That whole way is in <see cref="Providers.LongReturnTests"/>.</summary>
public sealed class ReturnEndpointTests
{
    [Theory]
    [InlineData("/api/auth/return")]
    [InlineData("/api/auth/return?flow=")]
    [InlineData("/api/auth/return?flow=nobody")]
    [InlineData("/api/auth/return?flow=https://evil.example")]
    public async Task TheSecondStepAloneLeadsHome(string address)
    {
        await using var app = await new OpenIdFake().StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("/", (await browser.OpenAsync(address)).Address.PathAndQuery);
    }
}
