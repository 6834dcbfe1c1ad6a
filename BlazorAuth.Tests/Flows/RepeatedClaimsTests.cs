using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <summary>Whom the app signs in again goes on with the session that they had, and so with what restricts it.</summary>
public sealed class RepeatedClaimsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatTheAppsCallbackWroteStaysAndARoleThatIsTakenOffGoes(bool takesOff)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = auth => auth.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    context.Claims["must_change_password"] = true;
                    context.Claims[AuthClaims.Roles] = new JsonArray("admin");
                }

                return ValueTask.FromResult(true);
            };
            setup.Map = host =>
            {
                host.MapPost("/again", (HttpContext http) =>
                {
                    var identity = (ClaimsIdentity)http.User.Identity!;
                    foreach (var role in takesOff ? identity.FindAll(identity.RoleClaimType).ToList() : [])
                    {
                        identity.RemoveClaim(role);
                    }

                    return http.SignInAsync(http.User);
                });
                host.MapGet("/open", (HttpContext http) => $"{http.User.HasClaim("must_change_password", "true")} {http.User.IsInRole("admin")}");
            };
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        Assert.Equal("True True", (await ada.GetAsync("/open")).Text);

        await ada.PostAsync("/again");

        Assert.Equal(takesOff ? "True False" : "True True", (await ada.GetAsync("/open")).Text);
    }

    // The names that other libraries give these claims: a principal's are read, too.
    [Theory]
    [InlineData(ClaimTypes.Role)]
    [InlineData(ClaimTypes.Name)]
    [InlineData(ClaimTypes.Email)]
    public async Task SoDoesOneUnderItsLongName(string type)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = auth => auth.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    context.Claims[type] = "admin";
                }

                return ValueTask.FromResult(true);
            };
            setup.Map = host =>
            {
                host.MapPost("/again", (HttpContext http) =>
                {
                    var identity = (ClaimsIdentity)http.User.Identity!;
                    foreach (var claim in identity.FindAll(type).ToList())
                    {
                        identity.RemoveClaim(claim);
                    }

                    return http.SignInAsync(http.User);
                });
                host.MapGet("/open", (HttpContext http) => $"{http.User.HasClaim(type, "admin")}");
            };
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        Assert.Equal("True", (await ada.GetAsync("/open")).Text);

        await ada.PostAsync("/again");

        Assert.Equal("False", (await ada.GetAsync("/open")).Text);
    }
}
