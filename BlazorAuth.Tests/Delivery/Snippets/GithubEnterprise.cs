using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class GithubEnterprise
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth()
            .AddGitHub()
            .AddGitHub("corp", "GitHub at Example Corp", corp => corp.EnterpriseDomain = "github.example.com");
    }
}
