using BlazorAuth.StandIns;

// Without an environment, assume a developer's machine: the tool is only meant for those.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
});
if (!builder.Environment.IsDevelopment())
{
    Console.Error.WriteLine($"The stand-ins let anyone sign in as anyone, so they only run in Development. This environment is {builder.Environment.EnvironmentName}.");
    return 1;
}

if (string.IsNullOrEmpty(builder.Configuration["urls"]))
{
    builder.WebHost.UseUrls("http://localhost:5099");
}

builder.AddStandIns();
var app = builder.Build();
app.MapGet("/", (HttpContext http, StandInOptions standIns) => StartPage.For(http.Request, standIns));
app.Run();
return 0;
