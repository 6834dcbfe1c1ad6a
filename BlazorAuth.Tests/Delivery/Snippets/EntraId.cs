using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class EntraId
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddOpenIdConnect("entra", "Microsoft", _ => { });
    }
}
