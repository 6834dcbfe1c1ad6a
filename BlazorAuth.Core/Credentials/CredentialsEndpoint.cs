using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary><c>POST callback/{provider}</c> of a credentials provider (<c>contract/endpoints.md</c> §8).</summary>
internal sealed class CredentialsEndpoint(
    SignInDecisions decisions, SessionIssuer issuer, AuthCookies cookies, AuthLinks links, FailureReport failures, ILogger<CredentialsEndpoint> logger)
{
    public async Task<IResult> HandleAsync(AuthRequest request, AuthProvider provider)
    {
        var credentials = CredentialsProvider.Find(request.Http.RequestServices, provider.Scheme!)!;
        CredentialsResult judged;
        try
        {
            judged = await credentials.Authorize(new CredentialsContext { Form = request.Body.Fields(), HttpContext = request.Http });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.AuthorizeFailed(exception, provider.Id);
            var failure = failures.Report(request, AuthErrorReason.None, provider.Id, exception);
            return AuthAnswer.Error(request, links.Error(request.Origin, AuthError.Configuration, failure), StatusCodes.Status401Unauthorized);
        }

        if (judged.User is null)
        {
            var refused = FailureReport.Of(request, AuthErrorReason.None) with { Code = judged.Code };
            logger.CredentialsRefused(refused.Reference, provider.Id);
            return AuthAnswer.Error(request, links.Error(request.Origin, AuthError.CredentialsSignIn, refused), StatusCodes.Status401Unauthorized);
        }

        return await SignInAsync(request, provider, judged.User);
    }

    private async Task<IResult> SignInAsync(AuthRequest request, AuthProvider provider, SessionUser user)
    {
        var account = new AuthAccount { Provider = provider.Id, Type = AuthProviderType.Credentials, ProviderAccountId = user.Id };
        var outcome = await decisions.DecideAsync(request, user, account, new JsonObject());
        if (outcome.Grant is null)
        {
            return outcome.Target is not null
                ? AuthAnswer.Redirect(request, outcome.Target)
                : AuthAnswer.Error(
                    request, links.Error(request.Origin, AuthError.AccessDenied, failures.Denied(request, provider.Id)), StatusCodes.Status403Forbidden);
        }

        await issuer.SignInAsync(request.Http, outcome.Grant);
        cookies.WriteCallback(request);
        return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
    }
}
