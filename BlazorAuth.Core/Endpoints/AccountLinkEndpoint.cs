using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET account/link</c>: asks who has signed in the way they did before whether the account that they came with is to be joined. <c>POST</c>: joins them.</summary>
internal sealed class AccountLinkEndpoint(
    IAccountAuthority authority, IServiceProvider services, AuthProviderRegistry providers, BrowserCookie browser, ContractCookies cookies, PageContextFactory contexts,
    PageResult page, PageAddresses addresses, FailureReport failures, Refusals refusals, FreshCheck fresh)
{
    public static Task<IResult> ShowAsync(AuthRequest request, AccountLinkEndpoint endpoint) => endpoint.RunAsync(request, endpoint.AskAsync);

    public static Task<IResult> HandleAsync(AuthRequest request, AccountLinkEndpoint endpoint) => endpoint.RunAsync(request, endpoint.LinkAsync);

    private async Task<IResult> RunAsync(AuthRequest request, Func<AuthRequest, Session, PendingLink, UnconfirmedLinks, Task<IResult>> work)
    {
        if (authority is not StoredAccounts)
        {
            return refusals.NothingHere(request);
        }

        cookies.Prepare(request);
        var here = AuthPaths.Link(request.Address.Absolute(""), request.ReturnUrl.Text);
        if (await fresh.CurrentAsync(request) is not { } session)
        {
            return AuthAnswer.Redirect(request, addresses.SignIn(request.Address, here));
        }

        var pending = services.GetRequiredService<UnconfirmedLinks>();
        if (await pending.FindAsync(browser.Hash(request.Http), session.User.Id, request.Cancelled) is not { } link)
        {
            return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
        }

        // Someone may have been signed in here before: the old way to sign in must be used again after the new account has appeared.
        return HasProved(session, link)
            ? await fresh.AskAsync(request, session, here) ?? await work(request, session, link, pending)
            : AuthAnswer.Redirect(request, AuthPaths.Fresh(request.Address.Absolute(""), await providers.ToAskAgainAsync(session.Provider), here));
    }

    private async Task<IResult> AskAsync(AuthRequest request, Session session, PendingLink link, UnconfirmedLinks pending) =>
        page.Of<LinkPageModel, LinkPage>(request, StatusCodes.Status200OK, new LinkPageModel
        {
            Page = contexts.Of(request),
            Session = session,
            Provider = (await providers.NamesAsync()).GetValueOrDefault(link.Provider, link.Provider),
            ProviderId = link.Provider,
            Name = link.Name,
            Email = link.Email,
            Account = NameOf(link),
        });

    private async Task<IResult> LinkAsync(AuthRequest request, Session session, PendingLink link, UnconfirmedLinks pending)
    {
        if (request.Body.Field("link") != "yes")
        {
            await pending.ForgetAsync(link, request.Cancelled);
            return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
        }

        // A yes to the account that was shown is none to one that came meanwhile.
        if (request.Body.Field("account") is { } shown && shown != NameOf(link))
        {
            return await AskAsync(request, session, link, pending);
        }

        if (await pending.LinkAsync(link, session.User.Id, request.Http.RequestServices, request.Cancelled) == LinkResult.OfSomebodyElse)
        {
            var failure = failures.Denied(request, link.Provider) with { Reason = AuthErrorReason.AccountOfSomebodyElse };
            return AuthAnswer.Error(request, addresses.Error(request.Address, AuthError.OAuthAccountNotLinked, failure), StatusCodes.Status403Forbidden);
        }

        return AuthAnswer.Redirect(request, request.ReturnUrl.Text);
    }

    private static string NameOf(PendingLink link) => AccountRecord.DefaultUserIdOf(link.Issuer, link.Subject);

    // Sessions begin at whole seconds.
    private static bool HasProved(Session session, PendingLink link)
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(link.CreatedAt.ToUnixTimeSeconds());
        return session.CreatedAt >= since || session.AuthenticatedAt >= since;
    }
}
