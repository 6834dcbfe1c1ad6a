using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>Answers with a built-in page, or with the way to the app's own.</summary>
internal sealed class AuthPages(AuthProviders providers, IOptions<AuthOptions> options, AuthLinks links, AuthAssets assets, IHostEnvironment host)
{
    // No narrow form-action: the policy covers redirects too, and a provider may redirect on to origins nobody knows.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; base-uri 'none'; frame-ancestors 'none'";

    private readonly AuthPageOptions _pages = options.Value.Pages;

    public string SignInAddress(AuthRequest request) => links.SignIn(request.Origin, request.ReturnUrl.Text);

    public async Task<IResult> SignInAsync(AuthRequest request)
    {
        var error = request.Query("error");
        if (_pages.SignIn is { } own)
        {
            var target = AuthLinks.With(own, ("callbackUrl", request.ReturnUrl.Text), ("error", error));
            return AuthAnswer.Redirect(request, request.Mode == AnswerMode.Form ? request.Origin.PathBase + target : target);
        }

        var list = await providers.ListAsync();
        return Page<SignIn>(request, StatusCodes.Status200OK, new()
        {
            [nameof(SignIn.Model)] = new SignInPageModel
            {
                Page = Model(request),
                Providers = [.. list.Where(provider => Credentials(request, provider) is not { Fields.Count: 0 })],
                Credentials = id => list.FirstOrDefault(provider => provider.Id == id) is { } found ? Credentials(request, found) : null,
                Message = error is null ? null : AuthMessages.For(error, Reason(request), Name(list, request.Query("provider"))),
                Reference = error is null ? null : ErrorEndpoint.Reference(request.Query("reference")),
                RetryProvider = list.FirstOrDefault(provider => provider.Id == request.Query("provider")),
                WithoutKeys = host.IsDevelopment() ? [.. providers.WithoutKeys] : [],
            },
        });
    }

    public IResult Provider(AuthRequest request, AuthProvider provider) => Page<Provider>(request, StatusCodes.Status200OK, new()
    {
        [nameof(Pages.Provider.Model)] = new ProviderPageModel { Page = Model(request), Provider = provider, IsFresh = request.WantsFresh },
    });

    public IResult SignOut(AuthRequest request, ClaimsPrincipal? principal) => _pages.SignOut is { } own
        ? AuthAnswer.Redirect(request, request.Origin.PathBase + own)
        : Page<SignOut>(request, StatusCodes.Status200OK, new()
        {
            [nameof(Pages.SignOut.Model)] = new SignOutPageModel { Page = Model(request), Session = SessionIdentity.Of(principal)?.Session },
        });

    public async Task<IResult> ErrorAsync(AuthRequest request, string code, AuthFailure failure)
    {
        if (_pages.Error is { } own)
        {
            return Results.Redirect(AuthLinks.With(
                request.Origin.Absolute(own), ("error", code), ("reason", failure.Reason == AuthErrorReason.None ? null : failure.Reason.ToString()),
                ("provider", failure.Provider), ("reference", failure.Reference), ("callbackUrl", failure.ReturnUrl)));
        }

        var provider = failure.Provider is null ? null : await providers.FindAsync(failure.Provider);
        return Page<Error>(request, ErrorEndpoint.Status(code, failure.Reason), new()
        {
            [nameof(Error.Model)] = new ErrorPageModel
            {
                Page = Model(request),
                Message = AuthMessages.For(code, failure.Reason, provider?.DisplayName),
                Provider = code == AuthError.Configuration && failure.Reason == AuthErrorReason.None ? null : provider,
                Reference = failure.Reference,
            },
        });
    }

    public IResult SignedIn(AuthRequest request) =>
        Page<SignedIn>(request, StatusCodes.Status200OK, new() { [nameof(Pages.SignedIn.Model)] = Model(request) });

    public IResult VerifyRequest(AuthRequest request) => _pages.VerifyRequest is { } own
        ? AuthAnswer.Redirect(request, request.Origin.PathBase + own + request.Http.Request.QueryString)
        : Page<VerifyRequest>(request, StatusCodes.Status200OK, new() { [nameof(Pages.VerifyRequest.Model)] = Model(request) });

    /// <summary>404: a page for a person, JSON for a client.</summary>
    public IResult NotFound(AuthRequest request, string message) => Refuse(request, StatusCodes.Status404NotFound, message, AuthMessages.NotFound(message));

    /// <summary>405: a page for a person, JSON for a client.</summary>
    public IResult WrongMethod(AuthRequest request) =>
        Refuse(request, StatusCodes.Status405MethodNotAllowed, "This address takes other methods.", AuthMessages.WrongMethod);

    public IResult UnknownProvider(AuthRequest request) => NotFound(request, "There is no such way to sign in.");

    private IResult Refuse(AuthRequest request, int status, string message, AuthMessage page) => AuthAnswer.WantsPage(request.Http.Request)
        ? Page<Error>(request, status, new() { [nameof(Error.Model)] = new ErrorPageModel { Page = Model(request), Message = page } })
        : AuthAnswer.Json($"{{\"message\":\"{message}\"}}", status);

    private AuthPageModel Model(AuthRequest request) => new()
    {
        AppName = _pages.AppName!,
        Logo = _pages.Logo,
        PathBase = request.Origin.PathBase,
        CsrfToken = request.Csrf.Value,
        CallbackUrl = request.ReturnUrl.Text,
        StyleSheet = assets.Address(request.Origin.PathBase, AuthAssets.StyleSheet),
        Script = assets.Address(request.Origin.PathBase, AuthAssets.Script),
    };

    private static AuthErrorReason Reason(AuthRequest request) =>
        Enum.TryParse<AuthErrorReason>(request.Query("reason"), out var reason) && Enum.IsDefined(reason) ? reason : AuthErrorReason.None;

    private static string? Name(IReadOnlyList<AuthProvider> providers, string? id) => providers.FirstOrDefault(provider => provider.Id == id)?.DisplayName;

    private static CredentialsProvider? Credentials(AuthRequest request, AuthProvider provider) =>
        provider.Type == AuthProviderType.Credentials ? CredentialsProvider.Find(request.Http.RequestServices, provider.Scheme!) : null;

    private static RazorComponentResult<T> Page<T>(AuthRequest request, int status, Dictionary<string, object?> parameters)
        where T : IComponent
    {
        var response = request.Http.Response;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.OnStarting(() =>
        {
            // With it Blazor would merge the page into the host's document, without our policy and script.
            response.Headers.Remove("blazor-enhanced-nav");
            return Task.CompletedTask;
        });
        return new RazorComponentResult<T>(parameters) { StatusCode = status };
    }
}
