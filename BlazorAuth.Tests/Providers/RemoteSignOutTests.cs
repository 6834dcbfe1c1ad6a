using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Providers;

/// <summary>A handler that signs out whoever is sent to its callback with the right word, as WS-Federation's does by default.</summary>
public sealed class RemoteSignOutTests
{
    [Theory]
    [InlineData("/signin-wsfed", null)]
    [InlineData("/signin-wsfed", "/api/auth/callback/work")]
    [InlineData(null, null)]
    [InlineData(null, "/api/auth/callback/work")]
    [InlineData(null, "/leave")]
    public async Task ALinkSignsNobodyOut(string? callback, string? signOut)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Providers = builder => builder.AddGoogle().AddRemoteScheme<FederationOptions, FederationHandler>("work", "Work", options =>
            {
                options.CallbackPath = callback is null ? options.CallbackPath : callback;
                options.RemoteSignOutPath = signOut is null ? options.RemoteSignOutPath : signOut;
            });
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal("Ada Lovelace", await browser.NameAsync());

        foreach (var path in (string?[])[callback, signOut, "/signin-wsfed", "/api/auth/callback/work"])
        {
            await browser.FetchAsync(HttpMethod.Get, path + "?wa=wsignoutcleanup1.0");
        }

        Assert.Equal("Ada Lovelace", await browser.NameAsync());
    }

    private sealed class FederationOptions : RemoteAuthenticationOptions
    {
        public PathString RemoteSignOutPath { get; set; } = "/signin-wsfed";
    }

    private sealed class FederationHandler(IOptionsMonitor<FederationOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : RemoteAuthenticationHandler<FederationOptions>(options, loggers, encoder)
    {
        public override async Task<bool> HandleRequestAsync()
        {
            if (Options.RemoteSignOutPath.HasValue && Options.RemoteSignOutPath == Request.Path && Request.Query["wa"] == "wsignoutcleanup1.0")
            {
                await Context.SignOutAsync(Options.SignInScheme);
                return true;
            }

            return await base.HandleRequestAsync();
        }

        protected override Task<HandleRequestResult> HandleRemoteAuthenticateAsync() => Task.FromResult(HandleRequestResult.Fail("No message."));
    }
}
