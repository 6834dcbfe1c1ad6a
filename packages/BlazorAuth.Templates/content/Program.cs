#if (credentials)
using BlazorAuthApp;
#endif
using BlazorAuthApp.Components;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

// Apps on one host share cookies, whatever their ports. The prefix keeps this app's apart; changing it signs everyone out.
var authentication = builder.Services.AddBlazorAuth(auth => auth.Cookies.Prefix = "COOKIE_PREFIX");
#if (UsePostgres)
authentication.AddPostgresSessionStore();
#elseif (UseRedis)
authentication.AddRedisSessionStore();
#endif
#if (UseGoogle)
authentication.AddGoogle();
#endif
#if (UseGitHub)
authentication.AddGitHub();
#endif
#if (credentials)
authentication.AddCredentials("password", Passwords.CheckAsync);
#endif

// In Development, a provider without keys is played by a stand-in. Elsewhere this does nothing.
#if (UseOidc)
builder.AddStandIns();
#else
builder.AddStandIns(standIns => standIns.OffersOpenId = false);
#endif

var app = builder.Build();
if (!app.Environment.IsDevelopment())
{
    app.UseExceptionHandler("/error", createScopeForErrors: true);
    app.UseHsts();
}

app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseAntiforgery();
app.MapStaticAssets();
app.MapBlazorAuth();
app.MapHealthChecks("/healthz/ready");
app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
