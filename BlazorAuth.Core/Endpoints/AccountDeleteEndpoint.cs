using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET account/delete</c>: asks whether the account is to be deleted. <c>POST</c>: asks once more, and then deletes it.</summary>
internal sealed class AccountDeleteEndpoint(
    IAccountAuthority authority, IServiceProvider services, ContractCookies cookies, PageContextFactory contexts, PageResult page, Refusals refusals,
    FreshCheck fresh, IOptions<AuthOptions> options)
{
    public static Task<IResult> ShowAsync(AuthRequest request, AccountDeleteEndpoint endpoint) =>
        endpoint.RunAsync(request, session => Task.FromResult(endpoint.Page(request, session.User, DeleteStep.First)));

    public static Task<IResult> HandleAsync(AuthRequest request, AccountDeleteEndpoint endpoint) =>
        endpoint.RunAsync(request, session => endpoint.DeleteAsync(request, session));

    private Task<IResult> RunAsync(AuthRequest request, Func<Session, Task<IResult>> work)
    {
        if (authority is not StoredAccounts || !options.Value.Accounts.AllowDeletion)
        {
            return Task.FromResult(refusals.NothingHere(request));
        }

        cookies.Prepare(request);
        return fresh.RunAsync(request, request.Address.Absolute(AuthPaths.Delete("")), work);
    }

    private async Task<IResult> DeleteAsync(AuthRequest request, Session session)
    {
        if (request.Body.Field("sure") != "yes")
        {
            return Page(request, session.User, DeleteStep.Asked);
        }

        // Not the request's token: a browser that closes the connection has still requested it.
        await services.GetRequiredService<AccountManager>().DeleteAsync(session.User.Id, CancellationToken.None);
        await request.Http.SignOutAsync(SessionIdentity.Scheme);
        return Page(request, session.User, DeleteStep.Done);
    }

    private IResult Page(AuthRequest request, SessionUser user, DeleteStep step) => request.Mode == AnswerMode.Form
        ? page.Of<DeletePageModel, DeletePage>(request, StatusCodes.Status200OK, new DeletePageModel { Page = contexts.Of(request), User = user, Step = step })
        : AuthAnswer.Redirect(request, step == DeleteStep.Done ? request.Address.Absolute("/") : request.Address.Absolute(AuthPaths.Delete("")));
}
