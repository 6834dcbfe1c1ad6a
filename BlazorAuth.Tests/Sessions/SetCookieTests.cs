using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

public sealed class SetCookieTests
{
    [Fact]
    public void AttributesComeInTheOrderAndSpellingOfAuthJs()
    {
        var all = new SetCookie("n", "v", Secure: true, SameSiteMode.None)
        {
            MaxAge = TimeSpan.FromMinutes(15),
            Expires = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)),
        };

        Assert.Equal("n=v; Max-Age=900; Path=/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; Secure; SameSite=None", all.ToString());
        Assert.Equal("n=v; Path=/; HttpOnly; SameSite=Lax", new SetCookie("n", "v", Secure: false, SameSiteMode.Lax).ToString());
        Assert.Equal("n=v; Path=/; HttpOnly", new SetCookie("n", "v", Secure: false, SameSiteMode.Unspecified).ToString());
        Assert.Equal("n=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict", SetCookie.Deletion("n", secure: true, SameSiteMode.Strict).ToString());
    }

    [Theory]
    [InlineData("a|b", "a%7Cb")]
    [InlineData("http://localhost:3000/ü?a=b c", "http%3A%2F%2Flocalhost%3A3000%2F%C3%BC%3Fa%3Db%20c")]
    [InlineData("-_.!~*'()", "-_.!~*'()")]
    [InlineData("%21 \r\n;,", "%2521%20%0D%0A%3B%2C")]
    public void ValuesAreEncodedLikeAUriComponent(string value, string encoded)
    {
        Assert.Equal(encoded, SetCookie.Encode(value));
        Assert.Equal(value, CookieHeader.Decode(encoded));
    }
}
