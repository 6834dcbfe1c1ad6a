using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Responds with a page: the built-in one, or the component that replaces it.</summary>
internal sealed class PageResult(IOptions<AuthOptions> options)
{
    private readonly AuthPageOptions _pages = options.Value.Pages;
    private readonly string _picturesFrom = string.Concat(
        new[] { options.Value.Pages.Logo, options.Value.Pages.Icon }.Select(Origin).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Select(origin => " " + origin));

    public IResult Of<TModel, TPage>(AuthRequest request, int status, TModel model, string framedBy = "'none'", string pictures = "")
        where TModel : AuthPageModel
        where TPage : AuthPage<TModel>
    {
        Prepare(request.Http.Response, framedBy, pictures: pictures);
        var page = _pages.Replacements.GetValueOrDefault(typeof(TModel), typeof(TPage));
        return new RazorComponentResult(page, new Dictionary<string, object?> { [nameof(AuthPage<TModel>.Model)] = model }) { StatusCode = status };
    }

    private static string? Origin(string? picture) =>
        picture is not ['/', ..] && WebUri.TryParse(picture, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address.GetLeftPart(UriPartial.Authority)
            : null;

    /// <summary>Sets the headers of a page.</summary>
    public void Prepare(HttpResponse response, string framedBy, string more = "", string pictures = "")
    {
        // No narrow form-action: the policy covers redirects too, and a provider may redirect to unknown origins.
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{_picturesFrom}{pictures}; font-src 'self'; connect-src 'self'; "
            + $"base-uri 'none'; frame-ancestors {framedBy}{more}";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.OnStarting(() =>
        {
            // With it, Blazor would merge the page into the host's document, without this policy and script.
            response.Headers.Remove("blazor-enhanced-nav");
            return Task.CompletedTask;
        });
    }
}
