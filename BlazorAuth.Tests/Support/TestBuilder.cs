using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests;

/// <summary>The platform's builder, but its apps watch no settings files: hundreds of watchers in one process are more than a machine allows.</summary>
internal static class TestBuilder
{
    public static WebApplicationBuilder Create(string environment = "Development", string? contentRoot = null) => WebApplication.CreateBuilder(new WebApplicationOptions
    {
        EnvironmentName = environment,
        ContentRootPath = contentRoot ?? AppContext.BaseDirectory,
        // The files of the demo app lie beside the tests; an app of theirs has none of its own.
        WebRootPath = contentRoot is null ? "no-wwwroot" : null,
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
    });
}
