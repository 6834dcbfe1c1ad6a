using System.ComponentModel;
using BlazorAuth.Pages;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BlazorAuth.Tests.Pages;

/// <summary>"To continue to …": a page's own name, and never a word of the address.</summary>
public sealed class ReturnPageNamesTests
{
    [Theory]
    [InlineData("/names/quarterly", "Reports & figures")]
    [InlineData("/names/quarterly?title=Free%20money#x", "Reports & figures")]
    [InlineData("/NAMES/quarterly/", "Reports & figures")]
    [InlineData("/names/monthly-figures/5", "Monthly figures")]
    [InlineData("/names/free/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "Free")]
    [InlineData("/names/free/Your%20account%20is%20locked", "Free")]
    [InlineData("/names/monthly-figures/%3Cb%3E", null)]
    [InlineData("/names/free/%00", null)]
    [InlineData("/%00", null)]
    [InlineData("/names/any/where", null)]
    [InlineData("/names/only-a-parameter-here-no", null)]
    [InlineData("/page", null)]
    [InlineData("/nothing", null)]
    [InlineData("/", null)]
    [InlineData("https://evil.example/names/quarterly", null)]
    [InlineData("https://front.example/names/quarterly", null)]
    [InlineData("//evil.example/names/quarterly", null)]
    public async Task APageIsNamedByItsOwnCode(string address, string? name)
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_ALLOWED_ORIGINS"] = "https://front.example");
        Assert.Equal(name, await NameAsync(app, "/api/auth/signin", address));
    }

    [Theory]
    [InlineData("/app/names/quarterly", "Reports & figures")]
    [InlineData("/names/quarterly", null)]
    [InlineData("/application/names/quarterly", null)]
    public async Task BelowAPathBaseOnlyTheAppsOwnPagesAreNamed(string address, string? name)
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_URL"] = "http://localhost/app");
        Assert.Equal(name, await NameAsync(app, "/app/api/auth/signin", "http://localhost" + address));
    }

    [Fact]
    public async Task AnAppNamesItsPagesItself()
    {
        var asked = new List<ReturnPage>();
        await using var app = await StartAsync(setup => setup.Options = auth => auth.Pages.PageName = page =>
        {
            asked.Add(page);
            return page.Path.EndsWith('7') ? "Seven \u202Eand \n more" : null;
        });
        Assert.Equal("Seven and more", await NameAsync(app, "/api/auth/signin", "/names/monthly-figures/7"));
        Assert.Contains(new ReturnPage("/names/monthly-figures/7", "/names/monthly-figures/{id:int}", "en"), asked);
        Assert.Null(await NameAsync(app, "/api/auth/signin", "/names/quarterly"));

        asked.Clear();
        Assert.Null(await NameAsync(app, "/api/auth/signin", "/names/any/where"));
        Assert.Empty(asked);
    }

    // A constraint of the app's own may count on the request that it judges, and here there is none: anybody can put any address into the link.
    [Theory]
    [InlineData("/own/1")]
    [InlineData("/own")]
    public async Task AConstraintOfTheAppsOwnIsNotAskedAboutALink(string address)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddRouting(routing => routing.ConstraintMap["own"] = typeof(OwnConstraint));
            setup.Map = app => app.MapGet("/own/{id:own?}", (string? id) => id).WithMetadata(new ComponentTypeMetadata(typeof(Quarterly)));
        });
        Assert.Null(await NameAsync(app, "/api/auth/signin", address));
        using var browser = app.CreateBrowser();
        Assert.Equal("1", (await browser.OpenAsync("/own/1")).Text);
    }

    private static Task<AuthApp> StartAsync(Action<AuthAppSetup> configure) => AuthApp.StartAsync(setup =>
    {
        setup.Services = services => services.AddSingleton(AnywhereMode.Of("static")).AddRazorComponents();
        setup.Map = app =>
        {
            app.UsePathBase("/app");
            app.UseRouting();
            app.UseAntiforgery();
            app.MapRazorComponents<AnywhereApp>();
        };
        configure(setup);
    });

    private static async Task<string?> NameAsync(AuthApp app, string signIn, string address)
    {
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync($"{signIn}?callbackUrl={Uri.EscapeDataString(address)}");
        Assert.NotNull(page.Document.QuerySelector(".ba-providers"));
        Assert.DoesNotContain("alert(1)", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        const string Continue = "to continue to ";
        return page.Document.QuerySelector(".ba-to")?.TextContent is { } text ? text[Continue.Length..] : null;
    }

    private sealed class OwnConstraint : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext!.Request.Path.HasValue;
    }

    [Route("/names/quarterly"), DisplayName("Reports & figures")]
    public sealed class Quarterly : ComponentBase;

    [Route("/names/monthly-figures/{id:int}")]
    public sealed class Monthly : ComponentBase
    {
        [Parameter] public int Id { get; set; }
    }

    [Route("/names/free/{text}")]
    public sealed class Free : ComponentBase
    {
        [Parameter] public string? Text { get; set; }
    }

    [Route("/names/any/{**rest}")]
    public sealed class Any : ComponentBase
    {
        [Parameter] public string? Rest { get; set; }
    }
}
