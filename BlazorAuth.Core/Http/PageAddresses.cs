using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>Absolute addresses of the sign-in and error pages: the built-in ones, or the app's own.</summary>
internal sealed class PageAddresses(IOptions<AuthOptions> options)
{
    private readonly AuthPageOptions _pages = options.Value.Pages;

    public string SignIn(PublicAddress origin, string? callbackUrl = null, string? provider = null) =>
        With(origin.Absolute(_pages.SignIn is null || provider is not null ? AuthPaths.SignIn("", provider) : _pages.SignIn), ("callbackUrl", callbackUrl));

    /// <summary>The page that shows an error: sign-in kind on the sign-in page, the rest on the error page (<c>contract/endpoints.md</c> §9).</summary>
    public string Error(PublicAddress origin, string code, AuthFailure? failure = null)
    {
        var page = AuthError.IsSignInKind(code) ? _pages.SignIn ?? AuthPaths.SignIn("") : _pages.Error ?? AuthPaths.Base + "/error";
        return With(
            origin.Absolute(page),
            ("error", code),
            ("code", failure?.Code),
            ("reason", failure is { Reason: not AuthErrorReason.None } ? failure.Reason.ToString() : null),
            ("provider", failure?.Provider),
            ("reference", failure?.Reference),
            ("callbackUrl", failure?.ReturnUrl));
    }

    public static string With(string address, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                address = QueryHelpers.AddQueryString(address, name, value);
            }
        }

        return address;
    }
}

/// <summary>A sign-in that failed: what the browser may know of it.</summary>
/// <param name="Reason">Finer than the code.</param>
/// <param name="Provider">The provider to try again with.</param>
/// <param name="ReturnUrl">Where the person was going, checked.</param>
/// <param name="Reference">What finds the line in the log.</param>
/// <param name="Code">The app's own code of refused credentials.</param>
internal sealed record AuthFailure(AuthErrorReason Reason, string? Provider, string? ReturnUrl, string Reference, string? Code = null);
