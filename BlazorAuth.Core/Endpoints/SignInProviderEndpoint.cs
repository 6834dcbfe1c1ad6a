using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET signin/{provider}</c>: the page of one provider. <c>POST signin/{provider}</c>: starts a sign-in. A GET never does.</summary>
internal static class SignInProviderEndpoint
{
    public static async Task<IResult> ShowAsync(
        AuthRequest request, AuthProviderRegistry providers, ContractCookies cookies, PageContextFactory contexts, PageResult page, PageAddresses addresses,
        Refusals refusals, IOptions<AuthOptions> options, SignInEndpoint chooser)
    {
        if (request.ProviderId is not { } id)
        {
            return await SignInEndpoint.ShowAsync(request, chooser);
        }

        cookies.Prepare(request);
        if (await providers.FindAsync(id) is not { } provider)
        {
            return Unknown(request, addresses, refusals);
        }

        if (provider.Type == AuthProviderType.Credentials && !request.WantsFresh)
        {
            return Results.Redirect(addresses.SignIn(request));
        }

        var context = contexts.Of(request);
        return page.Of<ProviderPageModel, ProviderPage>(request, StatusCodes.Status200OK, new ProviderPageModel
        {
            Page = context,
            Provider = provider,
            Shares = ProviderShares.Of(provider, context.Texts),
            AutoContinue = options.Value.Pages.AutoContinue && !request.WantsFresh,
            IsFresh = request.WantsFresh,
            Credentials = CredentialsProvider.Find(request.Http.RequestServices, provider),
        });
    }

    public static async Task<IResult> StartAsync(
        AuthRequest request, AuthProviderRegistry providers, ContractCookies cookies, PageAddresses addresses, Refusals refusals, SignInStart start)
    {
        var provider = request.ProviderId is { } id ? await providers.FindAsync(id) : null;
        if (provider is null && request.ProviderId is not null)
        {
            return Unknown(request, addresses, refusals);
        }

        // Credentials go to their callback; "no provider" means the person should choose one.
        if (provider is null || provider.Type == AuthProviderType.Credentials)
        {
            return AuthAnswer.Redirect(request, provider is not null && request.WantsFresh
                ? AuthPaths.Fresh(request.Address.Absolute(""), provider.Id, request.ReturnUrl.Text)
                : addresses.SignIn(request));
        }

        if (request.WantsFresh && !providers.Counts(provider.Id))
        {
            return AuthAnswer.Redirect(request, AuthPaths.Fresh(request.Address.Absolute(""), null, request.ReturnUrl.Text));
        }

        cookies.Prepare(request);
        var properties = new AuthenticationProperties { RedirectUri = request.ReturnUrl.Text };
        start.Take(request, provider, properties);
        if (request.WantsFresh && await request.Http.CurrentTicketAsync() is { } ticket)
        {
            SignInFlow.ExpectPerson(properties, ticket.UserId);
            AuthorizationParameters.AskAgain(provider, properties);
        }

        return await start.ChallengeAsync(request, provider, properties);
    }

    // A session that was adopted, or that the app itself created, has no provider that can prompt again: the person signs in from scratch.
    private static IResult Unknown(AuthRequest request, PageAddresses addresses, Refusals refusals) =>
        request.WantsFresh ? AuthAnswer.Redirect(request, addresses.SignIn(request)) : refusals.UnknownProvider(request);
}
