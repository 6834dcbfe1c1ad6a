using BlazorAuth.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The pages beside a component library's own style sheet: its colours come in, its rules do not.</summary>
[Needs(Needs.Browser)]
public sealed class BridgeTests(RealBrowser browser)
{
    private const string Loud = """
        * { letter-spacing: 3px; text-transform: uppercase; margin: 7px; line-height: 3; }
        html { font-size: 16px; font-style: italic; text-align: right; }
        body, button, a { background: red; color: yellow; border-radius: 40px; padding: 30px; }
        h1, h2, p, strong { color: red; font: italic 40px serif; text-align: right; }
        main, form, details, summary, div, span, input { border: 5px solid green; display: block; float: left; }
        """;

    // Documented names of each library's variables, with values that are none of their defaults.
    [Theory]
    [InlineData(AuthBridge.Bootstrap, "--bs-primary", "")]
    [InlineData(AuthBridge.FluentUi, "--colorBrandBackground", "")]
    [InlineData(AuthBridge.FluentUi, "--accent-fill-rest", "")]
    [InlineData(AuthBridge.MudBlazor, "--mud-palette-primary", "--mud-palette-primary-text: #fff;")]
    [InlineData(AuthBridge.Tailwind, "--color-primary", "--color-primary-dark: #6f42c1;")]
    public async Task TheAccentIsTheLibrarys(AuthBridge bridge, string variable, string more)
    {
        await using var app = await StartAsync(bridge, $":root {{ {variable}: #6f42c1; {more} }}");
        await using var person = await browser.OpenAsync(new() { ColorScheme = ColorScheme.Light }, app.Address);
        var page = await person.OpenTabAsync("/api/auth/preview/signin-credentials?scheme=light");
        Assert.Equal("rgb(111, 66, 193)", await Look.StyleAsync(page.Locator(".ba-primary"), "backgroundColor"));
        Assert.Empty(await Axe.CheckAsync(page));
        Assert.Empty(person.Complaints);
    }

    [Theory]
    [InlineData(AuthBridge.Bootstrap, "rgb(13, 110, 253)", "rgb(13, 110, 253)")]
    [InlineData(AuthBridge.FluentUi, "rgb(15, 108, 189)", "rgb(17, 94, 163)")]
    [InlineData(AuthBridge.MudBlazor, "rgb(89, 74, 226)", "rgb(167, 159, 242)")]
    [InlineData(AuthBridge.Tailwind, "rgb(21, 93, 252)", "rgb(81, 162, 255)")]
    public async Task WithoutTheLibrarysVariablesItsDefaultsAreShownAndReadable(AuthBridge bridge, string light, string dark)
    {
        await using var app = await StartAsync(bridge, "");
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/preview/signin-credentials");
        foreach (var (scheme, accent) in new[] { ("light", light), ("dark", dark) })
        {
            foreach (var state in (string[])["signin-credentials", "signin-refused", "signout", "sessions"])
            {
                await page.GotoAsync($"/api/auth/preview/{state}?scheme={scheme}");
                var problems = await Axe.CheckAsync(page);
                Assert.True(problems.Length == 0, $"{bridge} {scheme} {state}: {string.Join('\n', problems)}");
                if (state == "signin-credentials")
                {
                    Assert.Equal(accent, await Look.StyleAsync(page.Locator(".ba-primary"), "backgroundColor"));
                }
            }
        }
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task TheRealBootstrapGivesItsColoursAndKeepsItsRules(string scheme)
    {
        var bootstrap = await Npm.ReadAsync("bootstrap", "dist", "css", "bootstrap.min.css");
        await using var app = await StartAsync(AuthBridge.Bootstrap, bootstrap);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/preview/signin-credentials?scheme=" + scheme);
        Assert.Equal("rgb(13, 110, 253)", await Look.StyleAsync(page.Locator(".ba-primary"), "backgroundColor"));
        Assert.Equal(scheme == "light" ? "rgb(255, 255, 255)" : "rgb(33, 37, 41)", await Look.StyleAsync(page.Locator(".ba-card"), "backgroundColor"));
        Assert.Equal("24px", await Look.StyleAsync(page.Locator("h1"), "fontSize"));
        Assert.Empty(await Axe.CheckAsync(page));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task WhatTheHostSaysAboutElementsStaysOutOfThePages()
    {
        string[] states = ["signin-credentials", "signout", "sessions", "error-expired"];
        var (quiet, loud) = (await LookAsync("", states), await LookAsync(Loud, states));
        Assert.All(states.Index(), state =>
        {
            Assert.NotEmpty(quiet[state.Index]);
            Assert.Equal(quiet[state.Index], loud[state.Index]);
        });
    }

    private async Task<string[]> LookAsync(string sheet, string[] states)
    {
        await using var app = await StartAsync(AuthBridge.None, sheet);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/preview/" + states[0]);
        var looks = new List<string>();
        foreach (var state in states)
        {
            await page.GotoAsync("/api/auth/preview/" + state);
            looks.Add(await page.EvaluateAsync<string>("""
                () => [...document.querySelectorAll("body, body *:not(svg, svg *)")].flatMap(element => {
                  const style = getComputedStyle(element);
                  return [...style].filter(name => !name.startsWith("--")).map(name => `${element.tagName}.${element.className} ${name}: ${style[name]}`);
                }).join("\n")
                """));
        }

        return [.. looks];
    }

    private static Task<AuthApp> StartAsync(AuthBridge bridge, string sheet) => AuthApp.StartAsync(setup =>
    {
        setup.Kestrel = true;
        setup.Options = auth =>
        {
            auth.Pages.Bridge = bridge;
            auth.Pages.HostStyleSheets.Add("/host.css");
        };
        setup.Map = app => app.MapGet("/host.css", () => Results.Text(sheet, "text/css"));
    });
}
