using BlazorAuth.Http;
using BlazorAuth.Scheme;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Endpoints;

/// <summary>What runs before every endpoint of the group: CORS, public address, headers, reading the request once, the CSRF check, the rate limit.</summary>
internal sealed class AuthPipeline(
    FrontEndCors cors,
    PublicAddressSource addresses,
    AuthRequestReader reader,
    CsrfCheck csrf,
    TooManyAttempts tooMany,
    PageAddresses links,
    FailureReport failures,
    ILogger<AuthPipeline> logger)
{
    public async Task RunAsync(HttpContext http, RequestDelegate endpoint)
    {
        if (cors.Handle(http))
        {
            return;
        }

        if (addresses.Trusted(http) is not { } origin)
        {
            logger.OriginUnknown();
            await AuthAnswer.Json("{\"message\":\"The request did not come through a known proxy.\"}", StatusCodes.Status421MisdirectedRequest).ExecuteAsync(http);
            return;
        }

        // The host's status code pages would hide these endpoints' responses.
        if (http.Features.Get<IStatusCodePagesFeature>() is { } statusCodePages)
        {
            statusCodePages.Enabled = false;
        }

        UsePublicAddress(http, origin);
        SetHeaders(http.Response.Headers);
        var (request, refusal) = await reader.ReadAsync(http, origin);
        refusal ??= await CheckAsync(http, request!);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        http.Features.Set(request);
        await RunAsync(http, endpoint, request!);
    }

    private async Task RunAsync(HttpContext http, RequestDelegate endpoint, AuthRequest request)
    {
        try
        {
            await endpoint(http);
        }
        catch (SessionStoreException exception) when (!http.Response.HasStarted)
        {
            // The cookie stays: an unresponsive store signs nobody out.
            var failure = failures.Report(request, AuthErrorReason.StoreUnavailable, request.ProviderId, exception);
            http.Response.Headers.Remove("Set-Cookie");
            await FailAsync(request, failure).ExecuteAsync(http);
        }
        catch (Exception exception) when ((exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested) && !http.Response.HasStarted && IsFrontEnd(http.Request))
        {
            // The server's default response to an exception has no CORS headers, and a script cannot tell a response it may not read from a lost connection.
            logger.EndpointFailed(exception, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
            http.Response.Headers.Remove("Set-Cookie");
            await AuthAnswer.Json("{\"message\":\"The server failed.\"}", StatusCodes.Status500InternalServerError).ExecuteAsync(http);
        }
    }

    private static bool IsFrontEnd(HttpRequest request) => request.Headers.Origin.Count > 0 && !AuthAnswer.WantsPage(request);

    private IResult FailAsync(AuthRequest request, AuthFailure failure) =>
        request.Mode == AnswerMode.Form && !AuthAnswer.WantsPage(request.Http.Request)
            ? AuthAnswer.Json($"{{\"message\":\"The session store does not answer.\",\"reference\":\"{failure.Reference}\"}}", StatusCodes.Status503ServiceUnavailable)
            : AuthAnswer.Error(request, links.Error(request.Address, AuthError.Configuration, failure));

    private async ValueTask<IResult?> CheckAsync(HttpContext http, AuthRequest request)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return null;
        }

        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<WithoutCsrf>() is null && !await csrf.PassesAsync(request))
        {
            var failure = FailureReport.Of(request, AuthErrorReason.None);
            logger.CsrfRefused((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, failure.Reference);
            return metadata?.GetMetadata<CsrfRefusal>()?.Answer ?? AuthAnswer.Error(request, links.Error(request.Address, AuthError.MissingCsrf, failure));
        }

        // After the check: posts from other pages must not use up a visitor's attempts.
        return metadata?.GetMetadata<StartsSignIn>() is null ? null : await tooMany.CheckAsync(request, SignInStep.Start);
    }

    // Remote handlers build their redirect address from the request.
    private static void UsePublicAddress(HttpContext http, PublicAddress origin)
    {
        http.Request.Scheme = origin.Scheme;
        http.Request.Host = origin.Host;
        if (http.Request.PathBase.Value != origin.PathBase.Value)
        {
            http.Request.PathBase = origin.PathBase;
            http.Features.Set<IAuthenticationFeature>(new AuthenticationFeature { OriginalPath = http.Request.Path, OriginalPathBase = origin.PathBase });
        }
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = AuthAnswer.NoStore;
        headers.Pragma = "no-cache";
        headers.Expires = "0";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
    }
}
