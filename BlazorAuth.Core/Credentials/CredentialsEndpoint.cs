using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Providers;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Credentials;

/// <summary><c>POST callback/{provider}</c> of a credentials provider (<c>docs/contract/endpoints.md</c> §8).</summary>
internal sealed class CredentialsEndpoint(
    SignInGate gate, SessionIssuer issuer, ContractCookies cookies, RefusedEntryCookie refusedEntry, PageAddresses addresses, FailureReport failures,
    BrowserCookie browser, SharedClock clock, IOptions<AuthOptions> options, ILogger<CredentialsEndpoint> logger)
{
    public async Task<IResult> HandleAsync(AuthRequest request, AuthProvider provider)
    {
        browser.Ensure(request.Http);
        var credentials = CredentialsProvider.Find(request.Http.RequestServices, provider)!;
        CredentialsResult judged;
        try
        {
            judged = await credentials.Authorize(new CredentialsContext { Form = request.Body.Fields(), HttpContext = request.Http });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.AuthorizeFailed(exception, provider.Id);
            var failure = failures.Report(request, AuthErrorReason.None, provider.Id, exception);
            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.Configuration, failure), StatusCodes.Status401Unauthorized);
        }

        if (judged.User is null)
        {
            var refused = FailureReport.Of(request, AuthErrorReason.None) with { Code = judged.Code };
            logger.CredentialsRefused(refused.Reference, provider.Id);
            if (request.Mode == AnswerMode.Form && options.Value.Pages.SignIn is null)
            {
                refusedEntry.Write(request, provider.Id, Shown(credentials, request));
            }

            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.CredentialsSignIn, refused), StatusCodes.Status401Unauthorized);
        }

        return await SignInAsync(request, provider, judged.User);
    }

    private async Task<IResult> SignInAsync(AuthRequest request, AuthProvider provider, SessionUser user)
    {
        // If the app derives the id from what was typed, anyone can choose it.
        if (ProviderText.SubjectProblem(user.Id) is { } problem)
        {
            var unusable = failures.Report(
                request, AuthErrorReason.ProviderAnswer, provider.Id, exception: null, cause: new FailureCause($"The id that the app gives the person {problem}"));
            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.Configuration, unusable), StatusCodes.Status400BadRequest);
        }

        if (request.WantsFresh && await OtherAsync(request, user))
        {
            var failure = failures.Denied(request, provider.Id) with { Reason = AuthErrorReason.OtherPerson };
            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.AccessDenied, failure), StatusCodes.Status403Forbidden);
        }

        var account = new AuthAccount { Provider = provider.Id, Type = AuthProviderType.Credentials, ProviderAccountId = user.Id };
        var outcome = await gate.DecideAsync(request, user, account, new JsonObject());
        if (outcome.Grant is not { } grant)
        {
            return outcome.Target is { } target
                ? AuthAnswer.Redirect(request, target)
                : AuthAnswer.Error(
                    request, addresses.Error(request.Address, AuthError.AccessDenied, failures.Denied(request, provider.Id)), StatusCodes.Status403Forbidden);
        }

        // Entering credentials is proof enough: the person was asked.
        await issuer.SignInAsync(request.Http, grant with { AuthenticatedAt = clock.GetUtcNow(), IsConfirmation = true });
        cookies.RememberReturnUrl(request);
        return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
    }

    /// <summary>What may be shown again of what was entered.</summary>
    private static Dictionary<string, string> Shown(CredentialsProvider credentials, AuthRequest request)
    {
        var form = request.Body.Fields();
        return credentials.Fields.Where(field => !field.IsSecret && form.ContainsKey(field.Name))
            .ToDictionary(field => field.Name, field => form[field.Name].ToString(), StringComparer.Ordinal);
    }

    /// <summary>Whether someone else is signed in here and was asked to confirm who they are.</summary>
    private static async Task<bool> OtherAsync(AuthRequest request, SessionUser user) =>
        await request.Http.CurrentTicketAsync() is { } ticket && ticket.UserId != user.Id;
}
