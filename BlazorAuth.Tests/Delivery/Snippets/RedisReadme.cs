using Microsoft.AspNetCore.Builder;

namespace Snippets;

internal static class RedisReadme
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddRedisSessionStore();
    }
}
