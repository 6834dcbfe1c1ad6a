using BlazorAuth.Http;
using BlazorAuth.Pages;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET error</c>: what went wrong and what to do.</summary>
internal static class ErrorEndpoint
{
    public static Task<IResult> ShowAsync(AuthRequest request, AuthPages pages)
    {
        var code = request.Query("error") ?? AuthError.Configuration;
        var failure = new AuthFailure(
            AuthError.ReasonOf(code, request.Query("reason")), request.Query("provider"), request.ReturnUrl.Text, Reference(request.Query("reference")));
        return pages.ErrorAsync(request, code, failure);
    }

    /// <summary>The error page as the answer itself, where a redirect to it would not tell the client the right thing.</summary>
    public static async ValueTask<IResult> PageAsync(AuthRequest request, string code, AuthFailure failure) =>
        await request.Http.RequestServices.GetRequiredService<AuthPages>().ErrorAsync(request, code, failure);

    public static int Status(string code, AuthErrorReason reason) => reason switch
    {
        AuthErrorReason.Expired or AuthErrorReason.CookieLost or AuthErrorReason.AlreadyUsed or AuthErrorReason.ProviderAnswer
            or AuthErrorReason.IssuerMismatch => StatusCodes.Status400BadRequest,
        AuthErrorReason.ProviderUnavailable or AuthErrorReason.StoreUnavailable => StatusCodes.Status503ServiceUnavailable,
        AuthErrorReason.TooManyAttempts => StatusCodes.Status429TooManyRequests,
        _ => code switch
        {
            AuthError.AccessDenied or AuthError.Verification => StatusCodes.Status403Forbidden,
            AuthError.Configuration => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status200OK,
        },
    };

    // A reference is shown only if it looks like one of ours: the parameter is anybody's text.
    public static string Reference(string? text) =>
        text is { Length: 8 } && text.All(char.IsAsciiLetterOrDigit) ? text : "";
}
