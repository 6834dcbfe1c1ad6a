using BlazorAuth;
using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Look;
using BlazorAuth.Pages;
using BlazorAuth.Preview;
using BlazorAuth.Scheme;
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
        Map(group, "signin", (Read, SignInEndpoint.ShowAsync), (Write, SignInEndpoint.StartAsync));
        Map(group, "signin/{provider}", (Read, SignInEndpoint.ShowAsync), (Write, SignInEndpoint.StartAsync)).WithMetadata(new LimitedEndpoint(IsCallback: false));
        Map(group, "callback/{provider}", (Both, CallbackEndpoint.HandleAsync)).WithMetadata(new LimitedEndpoint(IsCallback: true), new RemoteCallback());
        Map(group, "signout", (Read, SignOutEndpoint.ShowAsync), (Write, SignOutEndpoint.HandleAsync));
        Map(group, "signout/callback/{provider}", (Both, SignOutEndpoint.SignedOutCallbackAsync)).WithMetadata(new WithoutCsrf());
        Map(group, "session", (Read, SessionEndpoint.ReadAsync), (Write, SessionEndpoint.UpdateAsync))
            .WithMetadata(new CsrfRefusal(AuthAnswer.Json("null", StatusCodes.Status400BadRequest)), new SendsNobodyAnywhere());
        Map(group, "session/handover", (Write, HandoverEndpoint.HandleAsync)).WithMetadata(new SendsNobodyAnywhere());
        Map(group, "signed-in", (Read, (AuthRequest request, AuthPages pages) => pages.SignedIn(request)));
        Map(group, "csrf", (Read, CsrfEndpoint.Handle)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "providers", (Read, ProvidersEndpoint.HandleAsync)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        Map(group, "error", (Read, ErrorEndpoint.ShowAsync));
        Map(group, "verify-request", (Read, VerifyRequestEndpoint.Show));
        Map(group, "account", (Read, AccountEndpoint.ShowAsync));
        Map(group, "sessions", (Read, SessionsEndpoint.ShowAsync));
        Map(group, "sessions/revoke", (Write, SessionsEndpoint.RevokeAsync));
        Map(group, "sessions/revoke-others", (Write, SessionsEndpoint.RevokeOthersAsync));
        PreviewEndpoint.Map(group, endpoints.ServiceProvider);
        Map(group, "_log", (Write, LogEndpoint.Handle)).WithMetadata(new WithoutCsrf(), new AnswersAllAlike());
        Map(group, "assets/{name}", (Read, AuthAssets.Handle)).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        group.Map("{**path}", (AuthRequest request, AuthPages pages) => pages.NotFound(request, "There is nothing here.")).WithMetadata(new WithoutCsrf());

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
        group.Map(pattern, (AuthRequest request, AuthPages pages) =>
        {
            request.Http.Response.Headers.Allow = allow;
            return pages.WrongMethod(request);
        }).WithMetadata(new WithoutCsrf());
        return group;
    }
}
