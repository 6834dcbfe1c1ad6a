using System.Globalization;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary>Refuses a client that signs in too often, in words that a person, a client or a front end understands.</summary>
internal sealed class TooManyAttempts(SignInRateLimit limit, PageAddresses links, FailureReport failures, ErrorEndpoint errors)
{
    /// <summary>The refusal; null when the client may go on, which counts.</summary>
    public async ValueTask<IResult?> CheckAsync(AuthRequest request, SignInStep step)
    {
        if (!limit.Refuses(request.Http, step, out var retryAfter))
        {
            return null;
        }

        request.Http.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var failure = failures.Report(request, AuthErrorReason.TooManyAttempts, request.ProviderId, exception: null);
        return AuthAnswer.WantsPage(request.Http.Request)
            ? await errors.PageAsync(request, AuthError.Configuration, failure, retryAfter)
            : AuthAnswer.TooMany(request, links.Error(request.Address, AuthError.Configuration, failure));
    }
}
