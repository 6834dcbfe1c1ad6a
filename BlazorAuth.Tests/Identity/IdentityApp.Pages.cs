using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <content>What stands in place of Identity's pages.</content>
internal sealed partial class IdentityApp
{
    private static void Map(WebApplication app)
    {
        app.MapGet("/sensitive", () => "here you are").WithMetadata(new RequireFreshAttribute(5));
        app.MapPost("/login", async (string name, bool remember, SignInManager<IdentityUser> signIns) =>
            (await signIns.PasswordSignInAsync(name, Password, remember, lockoutOnFailure: true)).ToString());
        app.MapPost("/refresh", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            await signIns.RefreshSignInAsync((await signIns.UserManager.GetUserAsync(http.User))!));
        app.MapPost("/refresh-other", async (string name, SignInManager<IdentityUser> signIns) =>
            await signIns.RefreshSignInAsync((await signIns.UserManager.FindByNameAsync(name))!));
        app.MapPost("/password", async (HttpContext http, UserManager<IdentityUser> users) =>
            (await users.ChangePasswordAsync((await users.GetUserAsync(http.User))!, Password, Password + "!")).ToString());
        app.MapPost("/phone", async (string name, UserManager<IdentityUser> users) =>
            (await users.SetPhoneNumberAsync((await users.FindByNameAsync(name))!, "1")).ToString());
        app.MapPost("/profile", async (HttpContext http, UserManager<IdentityUser> users) => (await users.UpdateAsync((await users.GetUserAsync(http.User))!)).ToString());
        app.MapPost("/two-changes", async (HttpContext http, UserManager<IdentityUser> users, IdentityDbContext context) =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            var user = (await users.GetUserAsync(http.User))!;
            var results = (await users.SetPhoneNumberAsync(user, "1"), await users.SetEmailAsync(user, "countess@example.com"));
            await transaction.CommitAsync();
            return results.ToString();
        });
        app.MapPost("/logout", (SignInManager<IdentityUser> signIns) => signIns.SignOutAsync());
        app.MapGet("/is-signed-in", (HttpContext http, SignInManager<IdentityUser> signIns) => signIns.IsSignedIn(http.User));
        app.MapGet("/claims", (HttpContext http) => http.User.Claims.GroupBy(claim => claim.Type).ToDictionary(group => group.Key, group => string.Join(',', group.Select(claim => claim.Value))));

        // What the template's pages do for an external login, and what they see afterwards.
        app.MapGet("/external", (string provider, string? named, SignInManager<IdentityUser> signIns, HttpContext http) => TypedResults.Challenge(
            signIns.ConfigureExternalAuthenticationProperties(named ?? provider, "/external/back", signIns.UserManager.GetUserId(http.User)), [provider]));
        app.MapGet("/external/back", async (SignInManager<IdentityUser> signIns, HttpContext http) =>
            await signIns.GetExternalLoginInfoAsync(signIns.UserManager.GetUserId(http.User)) is { } info
                ? $"{info.LoginProvider} {info.ProviderKey} {info.Principal.FindFirstValue(ClaimTypes.Email)}"
                : "nothing");
        app.MapPost("/external/sign-in", async (SignInManager<IdentityUser> signIns) => await signIns.GetExternalLoginInfoAsync() is { } info
            ? (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString()
            : "no answer");
        app.MapPost("/second", async (string code, SignInManager<IdentityUser> signIns) => (await signIns.TwoFactorRecoveryCodeSignInAsync(code)).ToString());
        app.MapGet("/Account/Login", (string? returnUrl) => "log in: " + returnUrl).AllowAnonymous();
        app.MapGet("/Account/LoginWith2fa", async (string? returnUrl, SignInManager<IdentityUser> signIns) =>
            $"second factor of {(await signIns.GetTwoFactorAuthenticationUserAsync())?.UserName}: {returnUrl}");
    }
}
