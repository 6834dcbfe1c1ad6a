using BlazorAuth.StandIns;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests;

/// <summary>What people and clients do again and again.</summary>
internal static class BrowserSteps
{
    /// <summary>Signs in at a stand-in as one of its people and returns where that ends.</summary>
    public static async Task<Page> SignInAsync(this Browser browser, string provider, string person = "ada", string callbackUrl = "/page", string? fault = null) =>
        await browser.ChooseAsync(await browser.StartSignInAsync(provider, callbackUrl), person, fault);

    /// <summary>Signs in at a provider that a test plays, and returns where that ends.</summary>
    public static async Task<Page> SignInAsync(this Browser browser, FakeProvider fake, string provider, string callbackUrl = "/page") =>
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync(provider, callbackUrl)).Location!));

    /// <inheritdoc cref="SignInAsync(Browser, FakeProvider, string, string)"/>
    public static async Task<Page> SignInAsync(this Browser browser, OpenIdFake fake, string provider) =>
        await browser.ArriveAsync(fake.Answer((await browser.StartSignInAsync(provider)).Location!));

    /// <summary>Starts a sign-in on the provider's page and arrives where the provider wants it.</summary>
    public static async Task<Page> StartSignInAsync(this Browser browser, string provider, string callbackUrl = "/page") =>
        await browser.PressAsync(await browser.OpenAsync($"/api/auth/signin/{provider}?callbackUrl={Uri.EscapeDataString(callbackUrl)}"));

    /// <summary>Chooses a person at a stand-in's picker.</summary>
    public static Task<Page> ChooseAsync(this Browser browser, Page picker, string person = "ada", string? fault = null) =>
        browser.PressAsync(picker, $"button[value={person}]", fault is null ? [] : [(PickerChoice.FaultField, fault)]);

    /// <summary>Posts a provider's answer as a form across sites (<c>response_mode=form_post</c>), and stops at the first answer.</summary>
    public static Task<Page> PostAnswerAsync(this Browser browser, Uri answer, params KeyValuePair<string, string>[] more) => browser.PostAsync(
        answer.AbsolutePath, QueryHelpers.ParseQuery(answer.Query).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())).Concat(more), site: "cross-site");

    /// <summary>What <c>GET session</c> says, as a script of the page asks.</summary>
    public static async Task<string> SessionAsync(this Browser browser) => (await browser.FetchAsync(HttpMethod.Get, "/api/auth/session")).Text;

    /// <summary>The name in what <c>GET session</c> says; null for <c>null</c>.</summary>
    public static async Task<string?> NameAsync(this Browser browser) =>
        (await browser.FetchAsync(HttpMethod.Get, "/api/auth/session")).Json is { } session ? session["user"]!["name"]!.GetValue<string>() : null;

    /// <summary>The ID of the user who is signed in, from the endpoint <c>/api/private</c> of the tests' apps.</summary>
    public static async Task<string> UserIdAsync(this Browser browser) =>
        (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]!.GetValue<string>();

    /// <summary>The token for forms.</summary>
    public static async Task<string> CsrfTokenAsync(this Browser browser) =>
        (await browser.FetchAsync(HttpMethod.Get, "/api/auth/csrf")).Json!["csrfToken"]!.GetValue<string>();

    /// <summary>A client's <c>fetch</c> of a form, with the token in it.</summary>
    public static async Task<Page> FetchFormAsync(this Browser browser, string address, Dictionary<string, string> fields, params (string Name, string? Value)[] headers) =>
        await browser.FetchAsync(
            HttpMethod.Post, address, new FormUrlEncodedContent(fields.Append(KeyValuePair.Create("csrfToken", await browser.CsrfTokenAsync()))), headers);

    /// <summary>What a browser asks before a script of another origin may fetch.</summary>
    public static Task<Page> PreflightAsync(
        this Browser browser, string address, string method = "POST", string headers = "content-type,x-auth-return-redirect") =>
        browser.FetchAsync(HttpMethod.Options, address, null, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));
}
