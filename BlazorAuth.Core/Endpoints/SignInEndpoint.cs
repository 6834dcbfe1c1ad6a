using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signin</c>, <c>GET signin/{provider}</c>: the pages. <c>POST signin/{provider}</c>: starts a sign-in. A GET never does.</summary>
internal static class SignInEndpoint
{
    public static async Task<IResult> ShowAsync(AuthRequest request, AuthProviderRegistry providers, ContractCookies cookies, AuthPages pages)
    {
        cookies.Write(request);
        if (request.ProviderId is not { } id)
        {
            return await pages.SignInAsync(request, (await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal);
        }

        var provider = await providers.FindAsync(id);
        return provider is null ? Unknown(request, pages)
            : provider.Type == AuthProviderType.Credentials && !request.WantsFresh ? Results.Redirect(pages.SignInAddress(request))
            : pages.Provider(request, provider);
    }

    public static async Task<IResult> StartAsync(
        AuthRequest request, AuthProviderRegistry providers, ContractCookies cookies, AuthPages pages, SignInFlow flow, CallbackFailures failures)
    {
        var provider = request.ProviderId is { } id ? await providers.FindAsync(id) : null;
        if (provider is null && request.ProviderId is not null)
        {
            return Unknown(request, pages);
        }

        // Credentials go to their callback; "no provider" means the person should choose one.
        if (provider is null || provider.Type == AuthProviderType.Credentials)
        {
            return AuthAnswer.Redirect(request, provider is not null && request.WantsFresh
                ? AuthPaths.Fresh(request.Address.Absolute(""), provider.Id, request.ReturnUrl.Text)
                : pages.SignInAddress(request));
        }

        cookies.Write(request);
        var properties = flow.Start(request.ReturnUrl);
        AuthorizationParameters.Take(request.Http.Request.Query, properties);
        if (request.WantsFresh && SessionIdentity.Of((await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal) is { } identity)
        {
            SignInFlow.ExpectPerson(properties, identity.Session.User.Id);
            AuthorizationParameters.AskAgain(provider, properties);
        }

        return await ChallengeAsync(request, provider, properties, failures);
    }

    // A session that was adopted, or that the app began by itself, has a provider that cannot ask again: the person signs in anew.
    private static IResult Unknown(AuthRequest request, AuthPages pages) =>
        request.WantsFresh ? AuthAnswer.Redirect(request, pages.SignInAddress(request)) : pages.UnknownProvider(request);

    private static async Task<IResult> ChallengeAsync(
        AuthRequest request, AuthProvider provider, AuthenticationProperties properties, CallbackFailures failures)
    {
        var http = request.Http;
        http.Features.Set(ProviderCalls.Begin());
        try
        {
            await http.ChallengeAsync(provider.Scheme, properties);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            // Discovery or a pushed authorization request failed: the handlers throw whatever they met.
            var reason = http.Features.Get<ProviderCalls.Outcome>()!.IsUnavailable ? AuthErrorReason.ProviderUnavailable : AuthErrorReason.ProviderAnswer;
            return AuthAnswer.Error(request, failures.Report(request, provider.Id, AuthError.Configuration, reason, exception, properties));
        }

        // A handler that has written a page of its own (form_post to the provider) is done.
        if (http.Response.HasStarted || http.Response.Headers.Location is not [{ Length: > 0 } location])
        {
            return Results.Empty;
        }

        http.Response.Headers.Location = default;
        http.Response.StatusCode = StatusCodes.Status200OK;
        return AuthAnswer.Redirect(request, new Uri(new Uri(request.Address.Text), location).AbsoluteUri);
    }
}
