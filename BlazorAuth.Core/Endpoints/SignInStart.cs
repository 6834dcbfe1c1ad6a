using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Endpoints;

/// <summary>Sends a person to a provider, and says what happened where that does not work.</summary>
internal sealed class SignInStart(
    AuthorizationParameters parameters, FlowReturns returns, FlowCookies cookies, BrowserCookie browser, CallbackFailures failures, ILogger<SignInStart> logger)
{
    /// <summary>Takes from the request what the sign-in needs: the client's hints, and the return address.</summary>
    public void Take(AuthRequest request, AuthProvider provider, AuthenticationProperties properties)
    {
        parameters.Take(request.Http.Request.Query, properties);
        FlowReturns.Keep(request, provider, properties);
    }

    public async Task<IResult> ChallengeAsync(AuthRequest request, AuthProvider provider, AuthenticationProperties properties)
    {
        var http = request.Http;
        ProviderExchange.Begin();
        try
        {
            await http.ChallengeAsync(provider.Scheme, properties);
        }
        catch (Exception exception) when (exception is not SessionStoreException
            && (exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested))
        {
            // Discovery or a pushed authorization request failed: handlers throw various exceptions.
            return AuthAnswer.Error(
                request, failures.Report(request, provider.Id, AuthError.Configuration, CallbackFailures.ReasonOfCall(exception), exception));
        }

        // A handler that has written its own page (form_post to the provider) is done.
        var location = http.Response.Headers.Location.ToString();
        if (!http.Response.HasStarted)
        {
            Prepare(request, provider, location);
        }

        if (http.Response.HasStarted || location.Length == 0)
        {
            return Results.Empty;
        }

        http.Response.Headers.Location = default;
        http.Response.StatusCode = StatusCodes.Status200OK;
        return AuthAnswer.Redirect(request, new Uri(new Uri(request.Address.Text), location).AbsoluteUri);
    }

    private void Prepare(AuthRequest request, AuthProvider provider, string location)
    {
        var answersByPost = cookies.Open(request.Http, provider, location);
        if (answersByPost)
        {
            browser.Ensure(request.Http, acrossSites: true);
        }

        returns.Write(request, answersByPost);
        FlowCookies.DropAbandoned(request, provider);
        if (answersByPost && !request.Address.IsSecure && !ProviderAddress.IsLoopback(request.Address.Text))
        {
            logger.FormPostWithoutHttps(provider.Id);
        }
    }
}
