using BlazorAuth;
using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Look;
using BlazorAuth.Preview;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps BlazorAuth's endpoints.</summary>
public static class AuthEndpointRouteBuilderExtensions
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];
    private static readonly string[] Both = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>Maps everything under <c>/api/auth</c>.</summary>
    /// <returns>The group, for the app's own conventions.</returns>
    public static IEndpointConventionBuilder MapBlazorAuth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<AuthProviderRegistry>() is null)
        {
            throw new AuthSetupException("MapBlazorAuth needs its services. Call builder.Services.AddBlazorAuth() before builder.Build().");
        }

        var group = endpoints.MapGroup(AuthPaths.Base).AllowAnonymous().ExcludeFromDescription().WithMetadata(new OwnEndpoint());
        MapPages(group);
        MapSignIn(group);
        MapSessions(group);
        PreviewEndpoint.Map(group, endpoints.ServiceProvider);
        group.Map("{**path}", (AuthRequest request, Refusals refusals) => refusals.NotFound(request, "There is nothing here.")).WithMetadata(new WithoutCsrf());

        var pipeline = endpoints.ServiceProvider.GetRequiredService<AuthPipeline>();
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => pipeline.RunAsync(http, next);
        });
        return group;
    }

    private static void MapPages(RouteGroupBuilder group)
    {
        Map(group, "return", new EndpointAction(Read, ReturnEndpoint.Show));
        Map(group, "signed-in", new EndpointAction(Read, SignedInEndpoint.Show));
        Map(group, "error", new EndpointAction(Read, ErrorEndpoint.ShowAsync));
        Map(group, "verify-request", new EndpointAction(Read, VerifyRequestEndpoint.Show));
        Map(group, "account", new EndpointAction(Read, AccountEndpoint.ShowAsync));
        Map(group, "account/connect/{provider}", new EndpointAction(Write, AccountConnectEndpoint.StartAsync)).WithMetadata(new StartsSignIn());
        Map(group, "account/disconnect", new EndpointAction(Write, AccountDisconnectEndpoint.HandleAsync));
        Map(group, "account/export", new EndpointAction(Write, AccountExportEndpoint.HandleAsync));
        Map(group, "account/delete", new EndpointAction(Read, AccountDeleteEndpoint.ShowAsync), new EndpointAction(Write, AccountDeleteEndpoint.HandleAsync));
        Map(group, "account/link", new EndpointAction(Read, AccountLinkEndpoint.ShowAsync), new EndpointAction(Write, AccountLinkEndpoint.HandleAsync));
        Map(group, "sessions", new EndpointAction(Read, SessionsEndpoint.ShowAsync));
        Map(group, "sessions/revoke", new EndpointAction(Write, SessionsRevokeEndpoint.HandleAsync));
        Map(group, "sessions/revoke-others", new EndpointAction(Write, SessionsRevokeOthersEndpoint.HandleAsync));
        foreach (var name in (string[])[AuthAssets.Client, AuthAssets.ClientTypes])
        {
            Map(group, "assets/" + name, new EndpointAction(Read, (AuthRequest request, AuthAssets assets) => AssetsEndpoint.Handle(name, request, assets), ForFrontEnds: true))
                .WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        }

        Map(group, "assets/{name}", new EndpointAction(Read, AssetsEndpoint.Handle)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
    }

    private static void MapSignIn(RouteGroupBuilder group)
    {
        Map(group, "signin", new EndpointAction(Read, SignInEndpoint.ShowAsync), new EndpointAction(Write, SignInEndpoint.Start));
        Map(group, "signin/{provider}", new EndpointAction(Read, SignInProviderEndpoint.ShowAsync), new EndpointAction(Write, SignInProviderEndpoint.StartAsync, ForFrontEnds: true))
            .WithMetadata(new StartsSignIn());
        Map(group, "callback/{**provider}", new EndpointAction(Both, CallbackEndpoint.HandleAsync))
            .WithMetadata(new CallbackKind(IsCredentials: false), new WithoutCsrf());
        Map(group, "callback/{**provider}", new EndpointAction(Write, CallbackEndpoint.HandleCredentialsAsync, ForFrontEnds: true))
            .WithMetadata(new CallbackKind(IsCredentials: true), new StartsSignIn());
    }

    private static void MapSessions(RouteGroupBuilder group)
    {
        Map(group, "signout", new EndpointAction(Read, SignOutEndpoint.ShowAsync), new EndpointAction(Write, SignOutEndpoint.HandleAsync, ForFrontEnds: true));
        Map(group, "signout/callback/{provider}", new EndpointAction(Both, SignOutCallbackEndpoint.HandleAsync)).WithMetadata(new WithoutCsrf());
        Map(group, "session", new EndpointAction(Read, SessionEndpoint.ReadAsync, ForFrontEnds: true), new EndpointAction(Write, SessionEndpoint.UpdateAsync, ForFrontEnds: true))
            .WithMetadata(new CsrfRefusal(AuthAnswer.Json("null", StatusCodes.Status400BadRequest)), new SendsNobodyAnywhere());
        Map(group, "session/handover", new EndpointAction(Write, SessionHandoverEndpoint.HandleAsync)).WithMetadata(new SendsNobodyAnywhere());
        Map(group, "csrf", new EndpointAction(Read, CsrfEndpoint.Handle, ForFrontEnds: true)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "providers", new EndpointAction(Read, ProvidersEndpoint.HandleAsync, ForFrontEnds: true)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "_log", new EndpointAction(Write, LogEndpoint.Handle, ForFrontEnds: true)).WithMetadata(new WithoutCsrf(), new AnswersAllAlike());
    }

    /// <summary>Maps an address for the methods it has, and answers 405 with <c>Allow</c> to all others.</summary>
    private static RouteGroupBuilder Map(RouteGroupBuilder parent, string pattern, params EndpointAction[] actions)
    {
        var group = parent.MapGroup("");
        foreach (var action in actions)
        {
            Open(group.MapMethods(pattern, action.Methods, action.Handler), action.ForFrontEnds);
        }

        var allow = string.Join(", ", actions.SelectMany(action => action.Methods));
        var others = group.Map(pattern, (AuthRequest request, Refusals refusals) => refusals.WrongMethod(request, allow)).WithMetadata(new WithoutCsrf());
        Open(others, actions.Any(action => action.ForFrontEnds));
        return group;
    }

    private static void Open(RouteHandlerBuilder endpoint, bool forFrontEnds)
    {
        if (forFrontEnds)
        {
            endpoint.WithMetadata(new FrontEndMetadata());
        }
    }

    /// <summary>What an address does for some methods, and whether scripts of the allowed front ends may ask for it.</summary>
    private sealed record EndpointAction(string[] Methods, Delegate Handler, bool ForFrontEnds = false);
}
