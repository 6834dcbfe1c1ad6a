namespace BlazorAuth.Tests.Http;

public sealed class LoginPageTests
{
    [Theory]
    [InlineData("https://app.example/notes?a=b#c", "/Account/Login?ReturnUrl=%2Fnotes%3Fa%3Db")]
    [InlineData("/notes", "/Account/Login?ReturnUrl=%2Fnotes")]
    [InlineData("https://app.example//evil.example/x", "/Account/Login?ReturnUrl=%2F")]
    [InlineData("//evil.example/x", "/Account/Login?ReturnUrl=%2F")]
    [InlineData("/\\evil.example/x", "/Account/Login?ReturnUrl=%2F")]
    [InlineData("/\t/evil.example/x", "/Account/Login?ReturnUrl=%2F")]
    [InlineData("/\r\n\\evil.example/x", "/Account/Login?ReturnUrl=%2F")]
    [InlineData("/%2Fevil.example/x", "/Account/Login?ReturnUrl=%2F%252Fevil.example%2Fx")]
    [InlineData("https://front.example/notes", null)]
    public void ItTakesAPathOfTheAppAndNoOtherHost(string returnUrl, string? expected) =>
        Assert.Equal(expected, new LoginPage("/Account/Login", "ReturnUrl").Address(new("https", new("app.example"), default), returnUrl));
}
