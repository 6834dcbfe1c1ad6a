using System.Text.Json;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Http;

/// <summary>Reads what every endpoint needs from a request: address, body, CSRF token, return address.</summary>
internal sealed class AuthRequestReader(ContractCookies cookies, FrontEndOrigins allowed)
{
    private readonly Func<AuthRequest, CsrfToken> _readCsrf = request => cookies.ReadCsrf(request.Http.Request, request.Address);

    /// <summary>The request; or the answer to one that cannot be read.</summary>
    public async ValueTask<(AuthRequest? Request, IResult? Refusal)> ReadAsync(HttpContext http, PublicAddress origin)
    {
        AuthBody body;
        try
        {
            body = await AuthBody.ReadAsync(http.Request);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return (null, AuthAnswer.BadRequest);
        }
        catch (BadHttpRequestException exception)
        {
            return (null, AuthAnswer.Json("\"Bad request.\"", exception.StatusCode));
        }

        var (returnUrl, isNew) = IsSettled(http) ? (ReturnUrl.Home(origin), false) : await ReturnUrlAsync(http, origin, body);
        return (new AuthRequest(http, origin, body, _readCsrf) { ReturnUrl = returnUrl, ReturnUrlIsNew = isNew }, null);
    }

    // Endpoints that do not redirect only read the return address to remember a new one.
    private bool IsSettled(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<SendsNobodyAnywhere>() is not null
        && !http.Request.QueryString.HasValue && HttpMethods.IsGet(http.Request.Method) && cookies.HasReturnUrl(http);

    private async ValueTask<(ReturnUrl ReturnUrl, bool IsNew)> ReturnUrlAsync(HttpContext http, PublicAddress origin, AuthBody body)
    {
        var cookie = cookies.ReadReturnUrl(http.Request, origin);
        var asked = NotEmpty(body.Field("callbackUrl"))
            ?? (http.Request.Query.TryGetValue("callbackUrl", out var values) ? NotEmpty(values[^1]) : null)
            ?? NotEmpty(cookie);
        if (asked is null)
        {
            return (ReturnUrl.Home(origin), true);
        }

        var checkedUrl = ReturnUrl.Parse(asked, origin, allowed) ?? ReturnUrl.Home(origin);
        var decided = await http.RequestServices.GetRequiredService<AuthCallbacks>().RedirectAsync(
            new ReturnUrlContext { Url = asked, BaseUrl = origin.BaseUrl, Default = checkedUrl.Text, Services = http.RequestServices });
        var chosen = decided == checkedUrl.Text ? checkedUrl : ReturnUrl.Decided(decided, origin) ?? ReturnUrl.Home(origin);
        return (chosen, chosen.Text != cookie);
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
