using BlazorAuth.Accounts;
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
        var beganAt = clock.GetUtcNow();
        CredentialsResult judged;
        try
        {
            judged = await credentials.Authorize(new CredentialsContext { Form = request.Body.Fields(), HttpContext = request.Http });
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !request.Cancelled.IsCancellationRequested)
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

        return await SignInAsync(request, provider, judged.User, beganAt);
    }

    private async Task<IResult> SignInAsync(AuthRequest request, AuthProvider provider, SessionUser user, DateTimeOffset beganAt)
    {
        // If the app derives the id from what was typed, anyone can choose it.
        if (ProviderText.SubjectProblem(user.Id) is { } problem)
        {
            var unusable = failures.Report(
                request, AuthErrorReason.ProviderAnswer, provider.Id, exception: null, cause: new FailureCause($"The id that the app gives the person {problem}"));
            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.Configuration, unusable), StatusCodes.Status400BadRequest);
        }

        // Someone who enters credentials has been prompted.
        var now = clock.GetUtcNow();
        var before = request.WantsFresh ? await request.Http.CurrentTicketAsync() : null;
        var account = new AuthAccount { Provider = provider.Id, Type = AuthProviderType.Credentials, ProviderAccountId = user.Id };
        var outcome = await gate.DecideAsync(
            request, WayIn.OfCredentials(provider.Id, user, request.Http.RequestServices), account, beganAt,
            id => before is null || before.UserId == id ? new(null, now, IsConfirmation: true) : new(AuthErrorReason.OtherPerson, null, IsConfirmation: false));
        if (outcome.Grant is not { } grant)
        {
            return outcome.Target is { } target ? AuthAnswer.Redirect(request, target) : Refused(request, provider, outcome.Reason);
        }

        try
        {
            await issuer.SignInAsync(request.Http, grant);
        }
        catch (SignInRefusedException exception)
        {
            return Refused(request, provider, exception.Reason);
        }

        cookies.RememberReturnUrl(request);
        return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
    }

    private IResult Refused(AuthRequest request, AuthProvider provider, AuthErrorReason? reason)
    {
        var failure = failures.Denied(request, provider.Id) with { Reason = reason ?? AuthErrorReason.None };
        return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.AccessDenied, failure), StatusCodes.Status403Forbidden);
    }

    /// <summary>What may be shown again of what was entered.</summary>
    private static Dictionary<string, string> Shown(CredentialsProvider credentials, AuthRequest request)
    {
        var form = request.Body.Fields();
        return credentials.Fields.Where(field => !field.IsSecret && form.ContainsKey(field.Name))
            .ToDictionary(field => field.Name, field => form[field.Name].ToString(), StringComparer.Ordinal);
    }
}
