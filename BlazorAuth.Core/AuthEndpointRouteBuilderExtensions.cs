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
    private static readonly string[] ReadAndWrite = [.. Read, .. Write];
    private static readonly string[] Callback = [HttpMethods.Get, HttpMethods.Post];

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
        group.Map("{**path}", (AuthRequest request, Refusals refusals) => refusals.NothingHere(request)).WithMetadata(new WithoutCsrf());

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
        Only(group, "return", Read).MapMethods("return", Read, ReturnEndpoint.Show);
        Only(group, "signed-in", Read).MapMethods("signed-in", Read, SignedInEndpoint.Show);
        Only(group, "error", Read).MapMethods("error", Read, ErrorEndpoint.ShowAsync);
        Only(group, "verify-request", Read).MapMethods("verify-request", Read, VerifyRequestEndpoint.Show);
        Only(group, "account", Read).MapMethods("account", Read, AccountEndpoint.ShowAsync);
        Only(group, "account/connect/{provider}", Write).WithMetadata(new StartsSignIn())
            .MapMethods("account/connect/{provider}", Write, AccountConnectEndpoint.StartAsync);
        Only(group, "account/disconnect", Write).MapMethods("account/disconnect", Write, AccountDisconnectEndpoint.HandleAsync);
        Only(group, "account/export", Write).MapMethods("account/export", Write, AccountExportEndpoint.HandleAsync);
        var deletion = Only(group, "account/delete", ReadAndWrite);
        deletion.MapMethods("account/delete", Read, AccountDeleteEndpoint.ShowAsync);
        deletion.MapMethods("account/delete", Write, AccountDeleteEndpoint.HandleAsync);
        var link = Only(group, "account/link", ReadAndWrite);
        link.MapMethods("account/link", Read, AccountLinkEndpoint.ShowAsync);
        link.MapMethods("account/link", Write, AccountLinkEndpoint.HandleAsync);
        Only(group, "sessions", Read).MapMethods("sessions", Read, SessionsEndpoint.ShowAsync);
        Only(group, "sessions/revoke", Write).MapMethods("sessions/revoke", Write, SessionsRevokeEndpoint.HandleAsync);
        Only(group, "sessions/revoke-others", Write).MapMethods("sessions/revoke-others", Write, SessionsRevokeOthersEndpoint.HandleAsync);

        var assets = group.MapGroup("").WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike());
        foreach (var name in (string[])[AuthAssets.Client, AuthAssets.ClientTypes])
        {
            Only(assets, "assets/" + name, Read, forFrontEnds: true)
                .MapMethods("assets/" + name, Read, (AuthRequest request, AuthAssets assets) => AssetsEndpoint.Handle(name, request, assets)).ForFrontEnds();
        }

        Only(assets, "assets/{name}", Read).MapMethods("assets/{name}", Read, AssetsEndpoint.Handle);
    }

    private static void MapSignIn(RouteGroupBuilder group)
    {
        var page = Only(group, "signin", ReadAndWrite);
        page.MapMethods("signin", Read, SignInEndpoint.ShowAsync);
        page.MapMethods("signin", Write, SignInEndpoint.Start);

        var start = Only(group, "signin/{provider}", ReadAndWrite, forFrontEnds: true).WithMetadata(new StartsSignIn());
        start.MapMethods("signin/{provider}", Read, SignInProviderEndpoint.ShowAsync);
        start.MapMethods("signin/{provider}", Write, SignInProviderEndpoint.StartAsync).ForFrontEnds();

        Only(group, "callback/{**provider}", Callback).WithMetadata(new CallbackKind(IsCredentials: false), new WithoutCsrf())
            .MapMethods("callback/{**provider}", Callback, CallbackEndpoint.HandleAsync);
        Only(group, "callback/{**provider}", Write, forFrontEnds: true).WithMetadata(new CallbackKind(IsCredentials: true), new StartsSignIn())
            .MapMethods("callback/{**provider}", Write, CallbackEndpoint.HandleCredentialsAsync).ForFrontEnds();
    }

    private static void MapSessions(RouteGroupBuilder group)
    {
        var signOut = Only(group, "signout", ReadAndWrite, forFrontEnds: true);
        signOut.MapMethods("signout", Read, SignOutEndpoint.ShowAsync);
        signOut.MapMethods("signout", Write, SignOutEndpoint.HandleAsync).ForFrontEnds();
        Only(group, "signout/callback/{provider}", Callback).WithMetadata(new WithoutCsrf())
            .MapMethods("signout/callback/{provider}", Callback, SignOutCallbackEndpoint.HandleAsync);

        var session = Only(group, "session", ReadAndWrite, forFrontEnds: true)
            .WithMetadata(new CsrfRefusal(AuthAnswer.Json("null", StatusCodes.Status400BadRequest)), new SendsNobodyAnywhere());
        session.MapMethods("session", Read, SessionEndpoint.ReadAsync).ForFrontEnds();
        session.MapMethods("session", Write, SessionEndpoint.UpdateAsync).ForFrontEnds();
        Only(group, "session/handover", Write).WithMetadata(new SendsNobodyAnywhere())
            .MapMethods("session/handover", Write, SessionHandoverEndpoint.HandleAsync);

        Only(group, "csrf", Read, forFrontEnds: true).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike())
            .MapMethods("csrf", Read, CsrfEndpoint.Handle).ForFrontEnds();
        Only(group, "providers", Read, forFrontEnds: true).WithMetadata(new SendsNobodyAnywhere(), new AnswersAllAlike())
            .MapMethods("providers", Read, ProvidersEndpoint.HandleAsync).ForFrontEnds();
        Only(group, "_log", Write, forFrontEnds: true).WithMetadata(new WithoutCsrf(), new AnswersAllAlike())
            .MapMethods("_log", Write, LogEndpoint.Handle).ForFrontEnds();
    }

    /// <summary>A group for an address with these methods: it answers 405 with <c>Allow</c> to all others.</summary>
    private static RouteGroupBuilder Only(RouteGroupBuilder parent, string pattern, string[] methods, bool forFrontEnds = false)
    {
        var group = parent.MapGroup("");
        var allow = string.Join(", ", methods);
        var others = group.Map(pattern, (AuthRequest request, Refusals refusals) => refusals.WrongMethod(request, allow)).WithMetadata(new WithoutCsrf());
        _ = forFrontEnds ? others.ForFrontEnds() : others;
        return group;
    }

    /// <summary>Lets scripts of the allowed front ends ask for it.</summary>
    private static RouteHandlerBuilder ForFrontEnds(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new FrontEndMetadata());
}
