using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>Absolute addresses of the sign-in and error pages: the built-in ones, or the app's own.</summary>
internal sealed class PageAddresses(IOptions<AuthOptions> options, FailureSeal seals)
{
    // With it, a response still fits into the 4 KB that proxies accept by default.
    private const int LongestTarget = 3000;

    private readonly AuthPageOptions _pages = options.Value.Pages;

    public string SignIn(PublicAddress origin, string? callbackUrl = null, string? provider = null) =>
        With(origin.Absolute(_pages.SignIn is null || provider is not null ? AuthPaths.SignIn("", provider) : _pages.SignIn), ("callbackUrl", callbackUrl));

    /// <summary>The page to choose a way to sign in, which keeps in mind where the person is going and why.</summary>
    public string SignIn(AuthRequest request) =>
        With(SignIn(request.Address, request.ReturnUrl.Text), ("fresh", request.WantsFresh ? "true" : null));

    /// <summary>The page that shows an error: sign-in kind on the sign-in page, the rest on the error page (<c>docs/contract/endpoints.md</c> §9).</summary>
    public string Error(PublicAddress origin, string code, AuthFailure? failure = null)
    {
        var page = AuthError.IsSignInKind(code) ? _pages.SignIn ?? AuthPaths.SignIn("") : _pages.Error ?? AuthPaths.Base + "/error";
        return With(
            origin.Absolute(page),
            ("error", code),
            ("code", failure?.Code),
            ("reason", failure is { Reason: not AuthErrorReason.None } ? failure.Reason.ToString() : null),
            ("provider", failure?.Provider),
            ("reference", failure is { Reference.Length: > 0 } ? failure.Reference : null),
            (FailureSeal.Parameter, failure is null ? null : seals.Of(code, failure)),
            ("callbackUrl", failure?.ReturnUrl is { } target && Uri.EscapeDataString(target).Length <= LongestTarget ? target : null));
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
