using BlazorAuth.App.Components;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();

var app = builder.Build();
app.UseStaticFiles();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapBlazorAuth();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
app.Run();
