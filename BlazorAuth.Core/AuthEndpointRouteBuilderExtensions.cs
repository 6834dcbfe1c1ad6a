using BlazorAuth;
using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Preview;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The call that maps BlazorAuth.</summary>
public static class AuthEndpointRouteBuilderExtensions
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];
    private static readonly string[] Both = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>Maps everything under <c>/api/auth</c>.</summary>
    /// <returns>The group, for conventions of the app's own.</returns>
    public static IEndpointConventionBuilder MapBlazorAuth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<AuthProviderRegistry>() is null)
        {
            throw new AuthSetupException("MapBlazorAuth needs its services. Call builder.Services.AddBlazorAuth() before builder.Build().");
        }

        var group = endpoints.MapGroup(AuthPaths.Base).AllowAnonymous().ExcludeFromDescription().WithMetadata(new FrontEndMetadata());
        Map(group, "signin", (Read, SignInEndpoint.ShowAsync), (Write, SignInEndpoint.Start));
        Map(group, "signin/{provider}", (Read, SignInProviderEndpoint.ShowAsync), (Write, SignInProviderEndpoint.StartAsync)).WithMetadata(new LimitedEndpoint(IsCallback: false));
        Map(group, "callback/{**provider}", (Both, CallbackEndpoint.HandleAsync)).WithMetadata(new LimitedEndpoint(IsCallback: true), new RemoteCallback());
        Map(group, "signout", (Read, SignOutEndpoint.ShowAsync), (Write, SignOutEndpoint.HandleAsync));
        Map(group, "signout/callback/{provider}", (Both, SignOutCallbackEndpoint.HandleAsync)).WithMetadata(new WithoutCsrf());
        Map(group, "session", (Read, SessionEndpoint.ReadAsync), (Write, SessionEndpoint.UpdateAsync))
            .WithMetadata(new CsrfRefusal(AuthAnswer.Json("null", StatusCodes.Status400BadRequest)), new SendsNobodyAnywhere());
        Map(group, "session/handover", (Write, SessionHandoverEndpoint.HandleAsync)).WithMetadata(new SendsNobodyAnywhere());
        Map(group, "return", (Read, ReturnEndpoint.Show));
        Map(group, "signed-in", (Read, SignedInEndpoint.Show));
        Map(group, "csrf", (Read, CsrfEndpoint.Handle)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "providers", (Read, ProvidersEndpoint.HandleAsync)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "error", (Read, ErrorEndpoint.ShowAsync));
        Map(group, "verify-request", (Read, VerifyRequestEndpoint.Show));
        Map(group, "account", (Read, AccountEndpoint.ShowAsync));
        Map(group, "sessions", (Read, SessionsEndpoint.ShowAsync));
        Map(group, "sessions/revoke", (Write, SessionsRevokeEndpoint.HandleAsync));
        Map(group, "sessions/revoke-others", (Write, SessionsRevokeOthersEndpoint.HandleAsync));
        PreviewEndpoint.Map(group, endpoints.ServiceProvider);
        Map(group, "_log", (Write, LogEndpoint.Handle)).WithMetadata(new WithoutCsrf(), new AnswersAllAlike());
        Map(group, "assets/{name}", (Read, AssetsEndpoint.Handle)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        group.Map("{**path}", (AuthRequest request, Refusals refusals) => refusals.NotFound(request, "There is nothing here.")).WithMetadata(new WithoutCsrf());

        var pipeline = endpoints.ServiceProvider.GetRequiredService<AuthPipeline>();
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => pipeline.RunAsync(http, next);
        });
        return group;
    }

    /// <summary>Maps an address for the methods it has, and answers 405 with <c>Allow</c> to all others.</summary>
    private static RouteGroupBuilder Map(RouteGroupBuilder parent, string pattern, params (string[] Methods, Delegate Handler)[] actions)
    {
        var group = parent.MapGroup("");
        foreach (var (methods, handler) in actions)
        {
            group.MapMethods(pattern, methods, handler);
        }

        var allow = string.Join(", ", actions.SelectMany(action => action.Methods));
        group.Map(pattern, (AuthRequest request, Refusals refusals) => refusals.WrongMethod(request, allow)).WithMetadata(new WithoutCsrf());
        return group;
    }
}
