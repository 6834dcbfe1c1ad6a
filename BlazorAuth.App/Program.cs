using BlazorAuth.App.Components;
using BlazorAuth.App.StandIns;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();
builder.AddStandIns();

var app = builder.Build();
app.UseStaticFiles();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapBlazorAuth();
app.MapHealthChecks("/healthz/ready");
app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
app.MapStandIns();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
