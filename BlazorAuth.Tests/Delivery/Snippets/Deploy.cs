using Microsoft.AspNetCore.Builder;

namespace Snippets;

internal static class Deploy
{
    public static void Health(WebApplication app)
    {
        app.MapHealthChecks("/healthz/ready");
        app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
    }
}
