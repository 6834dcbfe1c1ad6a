using BlazorAuth.Testing;
using BlazorAuth.Tests.Delivery.Snippets;
using Bunit;

namespace Snippets;

internal static class TestingBunitReadme
{
    public static async Task RunAsync()
    {
        using var context = new BunitContext();
        var session = context.AddSession("ada", roles: ["admin"]);
        var page = context.Render<Greeting>();
        page.MarkupMatches("<p>Hello Ada</p>");
        await session.EndAsync();
        page.WaitForAssertion(() => page.MarkupMatches("<p>Hello stranger</p>"));
    }
}
