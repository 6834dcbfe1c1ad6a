using BlazorAuth.Configuration;
using BlazorAuth.Credentials;
using BlazorAuth.Http;
using BlazorAuth.Providers;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET or POST callback/{provider}</c>: runs before the scheme's own handler, or (POST) before the app's check of credentials.</summary>
internal static class CallbackEndpoint
{
    /// <summary>
    /// The end of a sign-in with a remote provider. One that answers with a form (<c>form_post</c>) has no CSRF token: the handler's state and
    /// correlation cookie stand in for it.
    /// </summary>
    public static async Task<IResult> HandleAsync(
        AuthRequest request, AuthProviderRegistry providers, ProviderIssuer issuers, SignInFlow flow, StateUse states, TooManyAttempts tooMany,
        CallbackFailures failures, FlowReturns returns, Refusals refusals, UnknownKeys keys)
    {
        var provider = request.ProviderId is { } id ? await providers.FindAsync(id) : null;
        if (provider is null)
        {
            return refusals.UnknownProvider(request);
        }

        ProviderExchange.Begin();
        if (HttpMethods.IsPost(request.Http.Request.Method))
        {
            await keys.LookAsync(request.Body.Field("state"), request.Cancelled);
        }

        var state = CallbackState.Open(request, provider);
        var answer = await CheckStateAsync(request, provider, state, flow, tooMany, failures)
            ?? (state.MayBeRead ? await CheckIssuerAsync(request, provider, providers, issuers, failures) : null)
            ?? await CheckUseAsync(request, provider, state, states)
            ?? await RunHandlerAsync(request, provider, failures, refusals);
        ReturnEndpoint.Finish(request, returns);
        return answer;
    }

    public static async Task<IResult> HandleCredentialsAsync(
        AuthRequest request, AuthProviderRegistry providers, CredentialsEndpoint credentials, Refusals refusals) =>
        request.ProviderId is { } id && await providers.FindAsync(id) is { } provider
            ? await credentials.HandleAsync(request, provider)
            : refusals.UnknownProvider(request);

    /// <summary>
    /// Refuses an answer that another browser started, before the code is redeemed. What counts for the limit is an answer to a sign-in of this browser: no
    /// page can use up a visitor's attempts with images that point here.
    /// </summary>
    private static async ValueTask<IResult?> CheckStateAsync(
        AuthRequest request, AuthProvider provider, CallbackState state, SignInFlow flow, TooManyAttempts tooMany, CallbackFailures failures)
    {
        if (state.IsAmbiguous)
        {
            return Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.ProviderAnswer, exception: null));
        }

        if (state.Properties is { } started && !flow.IsOfThisBrowser(request.Http, started))
        {
            return Results.Redirect(failures.CookieMissing(request, provider.Id, started));
        }

        // Nothing tells yet whether this browser began it. A provider sends the browser here, and shows nothing of it inside a page.
        if (state.IsElsewhere && FetchMetadata.IsPartOfAnotherPage(request.Http.Request))
        {
            return Results.Redirect(failures.CookieMissing(request, provider.Id, properties: null));
        }

        return state.IsElsewhere || state.Properties is not null ? await tooMany.CheckAsync(request, SignInStep.End) : null;
    }

    private static async Task<IResult?> CheckIssuerAsync(
        AuthRequest request, AuthProvider provider, AuthProviderRegistry providers, ProviderIssuer issuers, CallbackFailures failures)
    {
        try
        {
            return (await issuers.ProblemAsync(provider, IssuersIn(request), request.Cancelled)
                    ?? await ProviderIssuer.ClaimProblemAsync(provider, await providers.AllAsync(), request.Cancelled)) is { } problem
                ? Results.Redirect(failures.Report(
                    request, provider.Id, AuthError.Configuration, AuthErrorReason.IssuerMismatch, null,
                    cause: new FailureCause(problem, AuthEnvironment.Variable(provider.Id, "ISSUER"))))
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !request.Cancelled.IsCancellationRequested)
        {
            return Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, CallbackFailures.ReasonOfCall(exception), exception));
        }
    }

    private static async Task<IResult?> CheckUseAsync(AuthRequest request, AuthProvider provider, CallbackState state, StateUse states) =>
        state.Properties is { } started && await states.RefusalAsync(request, provider, started) is { } refusal ? Results.Redirect(refusal) : null;

    // The OpenID Connect handler reads the form of a POST, the OAuth handler always the query: both are read, and the request is rejected if they differ.
    private static StringValues IssuersIn(AuthRequest request)
    {
        var query = request.Http.Request.Query["iss"];
        return HttpMethods.IsPost(request.Http.Request.Method) && request.Body.Field("iss") is { } posted
            ? query.Append(posted).Distinct(StringComparer.Ordinal).ToArray()
            : query;
    }

    private static async Task<IResult> RunHandlerAsync(AuthRequest request, AuthProvider provider, CallbackFailures failures, Refusals refusals)
    {
        var http = request.Http;
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = await handlers.GetHandlerAsync(http, provider.Scheme) as IAuthenticationRequestHandler;
        try
        {
            // Handlers compare paths exactly, but a trailing or duplicate slash is the same address.
            http.Request.Path = provider.Options!.CallbackPath;
            if (handler is not null && await handler.HandleRequestAsync())
            {
                return Results.Empty;
            }
        }
        catch (SignInRefusedException exception)
        {
            return Results.Redirect(failures.Refused(request, provider.Id, exception.Reason));
        }
        catch (Exception exception) when (exception is not SessionStoreException && (exception is not OperationCanceledException || !request.Cancelled.IsCancellationRequested)
            && !http.Response.HasStarted)
        {
            // A bug in the handler or in the app's delegate: the person gets a page with a reference, and the details are logged.
            return Results.Redirect(failures.Report(request, provider.Id, AuthError.Configuration, AuthErrorReason.None, exception));
        }

        return refusals.UnknownProvider(request);
    }
}
