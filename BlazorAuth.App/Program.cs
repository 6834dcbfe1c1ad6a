using BlazorAuth;
using BlazorAuth.App;
using BlazorAuth.App.Components;
using BlazorAuth.App.Components.Pages;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddBlazorAuth(auth => auth.Pages.Fill<SignInNote>(AuthSlot.BelowProviders)).AddGoogle().AddGitHub()
    .AddRedisSessionStore().AddPostgresSessionStore();
builder.AddStandIns();

var app = builder.Build();
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);

// Before routing: wwwroot stands at the top of the repository, and the manifest of the build knows nothing of it.
app.UseStaticFiles();
app.UseDocs();
app.UseRouting();

// For the API below, which a front end on another origin calls; the sign-in endpoints need none of the three.
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapBlazorAuth();
app.MapHealthChecks("/healthz/ready");
app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
app.MapGet("/api/me", async (HttpContext http) => (await http.GetSessionAsync())!.User).RequireAuthorization().RequireCors(AuthOptions.CorsPolicy);
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
