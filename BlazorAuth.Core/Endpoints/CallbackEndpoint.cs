using BlazorAuth.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth;

/// <summary><c>GET or POST callback/{provider}</c>: stands in front of the scheme's own handler, or of the app's judgement on credentials.</summary>
internal static class CallbackEndpoint
{
    public static async Task<IResult> HandleAsync(
        AuthRequest request, AuthProviders providers, ProviderIssuer issuers, CallbackFailures failures, CredentialsEndpoint credentials, AuthPages pages)
    {
        var provider = request.ProviderId is { } id ? await providers.FindAsync(id) : null;
        if (provider is null)
        {
            return pages.UnknownProvider(request);
        }

        if (provider.Type == AuthProviderType.Credentials)
        {
            return HttpMethods.IsPost(request.Http.Request.Method)
                ? await credentials.HandleAsync(request, provider)
                : Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.None, null));
        }

        request.Http.Features.Set(ProviderCalls.Begin());
        return await CheckIssuerAsync(request, provider, issuers, failures) ?? await RunHandlerAsync(request, provider, failures, pages);
    }

    private static async Task<IResult?> CheckIssuerAsync(
        AuthRequest request, AuthProvider provider, ProviderIssuer issuers, CallbackFailures failures)
    {
        try
        {
            var issuer = HttpMethods.IsPost(request.Http.Request.Method) ? new StringValues(request.Body.Field("iss")) : request.Http.Request.Query["iss"];
            return await issuers.AcceptsAsync(provider, issuer, request.Cancelled)
                ? null
                : Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.IssuerMismatch, null));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !request.Cancelled.IsCancellationRequested)
        {
            return Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.ProviderUnavailable, exception));
        }
    }

    private static async Task<IResult> RunHandlerAsync(AuthRequest request, AuthProvider provider, CallbackFailures failures, AuthPages pages)
    {
        var handlers = request.Http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = await handlers.GetHandlerAsync(request.Http, provider.Scheme!) as IAuthenticationRequestHandler;
        try
        {
            if (handler is not null && await handler.HandleRequestAsync())
            {
                return Results.Empty;
            }
        }
        catch (Exception exception) when (exception is not SessionStoreException and not OperationCanceledException && !request.Http.Response.HasStarted)
        {
            // A defect of the handler or the app's own delegate: the person gets a page with a reference, the log gets the rest.
            return Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.None, exception));
        }

        return pages.UnknownProvider(request);
    }
}
