using Microsoft.AspNetCore.Builder;

namespace Snippets;

internal static class PostgresReadme
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddPostgresSessionStore();
    }
}
