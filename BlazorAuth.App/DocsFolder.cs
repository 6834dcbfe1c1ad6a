using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace BlazorAuth.App;

internal static class DocsFolder
{
    /// <summary>In Development, shows the guides beside the app as they are, below <c>/docs</c>.</summary>
    public static void UseDocs(this WebApplication app)
    {
        var folder = Path.Combine(app.Environment.ContentRootPath, "docs");
        if (app.Environment.IsDevelopment() && Directory.Exists(folder))
        {
            app.UseStaticFiles(new StaticFileOptions
            {
                RequestPath = "/docs",
                FileProvider = new PhysicalFileProvider(folder),
                ContentTypeProvider = new FileExtensionContentTypeProvider(new Dictionary<string, string>
                {
                    [".md"] = "text/plain; charset=utf-8", [".png"] = "image/png", [".gif"] = "image/gif",
                }),
            });
        }
    }
}
