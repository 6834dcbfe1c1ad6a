using BlazorAuth;
using BlazorAuth.Pages;
using BlazorAuth.Tests.Delivery.Snippets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class Pages
{
    public static void Brand(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Pages.AppName = "Reports";
            auth.Pages.Logo = "/logo.svg";
            auth.Pages.Terms = "/terms";
            auth.Pages.Privacy = "/privacy";
            auth.Pages.Variables["accent"] = "light-dark(#7c3aed, #c4b5fd)";
            auth.Pages.Variables["radius"] = "0.25rem";
        });
    }

    public static void Sheet(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Pages.StyleSheets.Add("/brand.css"));
    }

    public static void Bridge(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Pages.Bridge = AuthBridge.Bootstrap;
            auth.Pages.HostStyleSheets.Add("/lib/bootstrap/dist/css/bootstrap.min.css");
        });
    }

    public static void Replace(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Pages.Replace<Goodbye>());
    }

    public static void Slot(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Pages.Fill<SignInNote>(AuthSlot.BelowProviders));
    }

    public static void Own(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Pages.SignIn = "/welcome");
    }

    public static void Words(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Pages.Texts.Set("en", "SignIn.Heading", "Welcome back to {0}");
            auth.Pages.Texts.Add("nl", "Nederlands", new Dictionary<string, string>
            {
                ["SignIn.Heading"] = "Inloggen bij {0}",
                ["Provider.Button"] = "Doorgaan met {0}",
            });
            auth.Pages.ErrorText = error => error.Code == AuthError.AccessDenied
                ? new AuthMessage("Ask for an invitation", "Reports is open to invited people. Write to reports@example.com.")
                : null;
        });
    }
}
