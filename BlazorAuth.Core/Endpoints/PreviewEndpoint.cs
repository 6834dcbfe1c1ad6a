using BlazorAuth.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth;

/// <summary><c>GET preview</c>, <c>GET preview/{state}</c>: every page in every state. Mapped in Development only.</summary>
internal static class PreviewEndpoint
{
    public static void Map(RouteGroupBuilder group, IServiceProvider services)
    {
        if (services.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            group.MapGet("preview", ShowAll);
            group.MapGet("preview/{state}", ShowOne);
        }
    }

    private static RazorComponentResult<Preview> ShowAll(AuthRequest request, PageResult page, AuthAssets assets, AuthLanguages languages)
    {
        page.Prepare(request.Http.Response, "'none'", "; frame-src 'self'");
        return new RazorComponentResult<Preview>(new Dictionary<string, object?>
        {
            [nameof(Preview.PathBase)] = request.Origin.PathBase.Value ?? "",
            [nameof(Preview.StyleSheet)] = assets.Address(request.Origin.PathBase, AuthAssets.Preview),
            [nameof(Preview.Scheme)] = PreviewPages.Scheme(request).ToString().ToLowerInvariant(),
            [nameof(Preview.Language)] = languages.For(request.Http).Language,
            [nameof(Preview.Languages)] = languages.Offered.Select(texts => texts.Language).ToList(),
        });
    }

    private static IResult ShowOne(AuthRequest request, string state, PreviewPages previews, AuthPages pages) =>
        previews.Show(request, state) ?? pages.NotFound(request, "There is no such state.");
}
