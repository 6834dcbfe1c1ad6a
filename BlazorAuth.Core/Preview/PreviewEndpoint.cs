using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Internal;
using BlazorAuth.Look;
using BlazorAuth.Pages;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Preview;

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

    public static IResult ShowAll(AuthRequest request, PageResult page, AuthAssets assets, LanguageChoice languages)
    {
        page.Prepare(request.Http.Response, "'none'", "; frame-src 'self'");
        return new RazorComponentResult<PreviewPage>(new Dictionary<string, object?>
        {
            [nameof(PreviewPage.PathBase)] = request.Address.PathBase.Value ?? "",
            [nameof(PreviewPage.StyleSheet)] = assets.Address(request.Address.PathBase, AuthAssets.Preview),
            [nameof(PreviewPage.Scheme)] = PreviewStates.Scheme(request).ToString().ToLowerInvariant(),
            [nameof(PreviewPage.Language)] = languages.For(request.Http).Language,
            [nameof(PreviewPage.Languages)] = languages.Offered.Select(texts => texts.Language).ToList(),
        });
    }

    public static IResult ShowOne(AuthRequest request, string state, PreviewStates previews, Refusals refusals) =>
        previews.Show(request, state) ?? refusals.NotFound(request, "There is no such state.");
}
