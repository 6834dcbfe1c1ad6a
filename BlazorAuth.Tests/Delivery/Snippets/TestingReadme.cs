using BlazorAuth.Testing;
using Xunit;

namespace Snippets;

internal static class TestingReadme
{
    public static async Task RunAsync()
    {
        await using var factory = new AuthTestFactory<Program>();
        using var ada = await factory.SignInAsync("ada", roles: ["admin"]);
        Assert.Contains("Hello Ada", await ada.GetStringAsync("/me"), StringComparison.Ordinal);
    }
}
