using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BlazorAuth.StandIns;

/// <summary>What the OpenID handler talks to. OpenIddict speaks the protocol; here are the person and the faults.</summary>
internal sealed class OpenIdStandIn(
    StandInOptions options, RedirectUri redirects, StandInGrants grants, StandInPages pages, TimeProvider clock, ILogger<OpenIdStandIn> logger) : IDisposable
{
    public const string OwnAuthorize = OwnRoot + "/authorize";

    private const string OwnRoot = "/own/oidc";

    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    // Kept in the code only: claims without a destination reach no token.
    private const string FaultClaim = "stand_in_fault";

    private const string RolesClaim = "roles";

    private readonly Lazy<ServiceProvider> _server = new(() => OpenIdServer.Build(options, redirects, clock, logger));

    /// <summary>Discovery, keys and pushed requests: OpenIddict answers these alone.</summary>
    public Task AnswerAsync(HttpContext http) => RunAsync(http, static context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    public Task AuthorizeAsync(HttpContext http) => RunAsync(http, PickAsync);

    /// <summary>Where the app around the stand-ins sends its browsers: it knows the provider under the symbolic address, whatever address the browser has.</summary>
    public Task AuthorizeOwnAsync(HttpContext http) => RunAsync(http, PickAsync, isOwn: true);

    public Task TokenAsync(HttpContext http) => RunAsync(http, ExchangeAsync);

    public Task UserInfoAsync(HttpContext http) => RunAsync(http, DescribeAsync);

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }

    // OpenIddict takes its own address, its endpoints below it and its services from the request, so all are set for the duration of the call.
    private async Task RunAsync(HttpContext http, Func<HttpContext, Task> continuation, bool isOwn = false)
    {
        var request = http.Request;
        var (services, known) = (http.RequestServices, new BrowserAddress(request.Scheme, request.Host, request.PathBase, request.Path));
        http.Items[typeof(BrowserAddress)] = known;
        var issuer = isOwn ? new Uri(StandInAddress.Issuer) : options.Issuer ?? new Uri($"{StandInAddress.Of(request)}/oidc");
        request.Path.StartsWithSegments(StandInAddress.Prefix + (isOwn ? OwnRoot : "/oidc"), out var rest);
        await using var scope = _server.Value.CreateAsyncScope();
        try
        {
            http.RequestServices = scope.ServiceProvider;
            (request.Scheme, request.Host) = (issuer.Scheme, HostString.FromUriComponent(issuer));
            (request.PathBase, request.Path) = (issuer.AbsolutePath.TrimEnd('/'), rest);
            var handlers = scope.ServiceProvider.GetRequiredService<IAuthenticationHandlerProvider>();
            var handler = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(http, Scheme))!;
            if (!await handler.HandleRequestAsync())
            {
                await continuation(http);
            }
        }
        finally
        {
            (http.RequestServices, request.Scheme, request.Host, request.PathBase, request.Path) = (services, known.Scheme, known.Host, known.PathBase, known.Path);
        }
    }

    private async Task PickAsync(HttpContext http)
    {
        if (http.GetOpenIddictServerResponse() is { Error: not null } refusal)
        {
            logger.RequestRefused(StandInProvider.OpenId.Id, refusal.Error);
            await pages.ShowProblemAsync(http, StandInProvider.OpenId, refusal.Error, refusal.ErrorDescription ?? "The request is not valid.");
            return;
        }

        var request = http.GetOpenIddictServerRequest()!;
        if (request.HasPromptValue(PromptValues.None))
        {
            await RefuseAsync(http, Errors.LoginRequired, "Nobody is signed in at this stand-in.");
            return;
        }

        var isPost = HttpMethods.IsPost(http.Request.Method);
        var choice = isPost ? PickerChoice.Read(http.Request.Form, options) : null;
        if (choice is null || choice.Problem is not null)
        {
            // The raw parameters: with a pushed request these are only client_id and request_uri.
            await pages.ShowPickerAsync(
                http, StandInProvider.OpenId, isPost ? http.Request.Form : http.Request.Query, request.RedirectUri!, choice?.Problem);
            return;
        }

        if (choice.Fault == StandInFault.WrongIssuer)
        {
            http.Items[OpenIdServer.WrongIssuer] = true;
        }

        if (choice.Person is null)
        {
            await RefuseAsync(http, Errors.AccessDenied, "The person said no.");
            return;
        }

        await http.SignInAsync(Scheme, CreatePrincipal(choice.Person, choice.Fault, request, http.Request, clock.GetUtcNow()));
    }

    private async Task ExchangeAsync(HttpContext http)
    {
        var principal = (await http.AuthenticateAsync(Scheme)).Principal;
        if (principal is null || !grants.TryUse(http.GetOpenIddictServerRequest()!.Code!))
        {
            await RefuseAsync(http, Errors.InvalidGrant, "The code has been used before.");
            return;
        }

        var fault = StandInFault.Find(principal.GetClaim(FaultClaim));
        if (fault == StandInFault.ExpiredCode)
        {
            await RefuseAsync(http, Errors.InvalidGrant, "The code has expired.");
            return;
        }

        if (fault == StandInFault.ServerError)
        {
            await OAuthStandIn.WriteServerErrorAsync(http);
            return;
        }

        if (fault == StandInFault.Slow)
        {
            await Task.Delay(options.SlowDelay, clock, http.RequestAborted);
        }

        await http.SignInAsync(Scheme, principal);
    }

    private static async Task DescribeAsync(HttpContext http)
    {
        var principal = (await http.AuthenticateAsync(Scheme)).Principal!;
        var profile = new Dictionary<string, object?> { [Claims.Subject] = principal.GetClaim(Claims.Subject) };
        foreach (var type in new[] { Claims.Name, Claims.GivenName, Claims.FamilyName, Claims.Picture, Claims.Email })
        {
            if (principal.GetClaim(type) is { } value)
            {
                profile[type] = value;
            }
        }

        if (principal.GetClaims(RolesClaim) is { Length: > 0 } roles)
        {
            profile[RolesClaim] = roles;
        }

        if (profile.ContainsKey(Claims.Email))
        {
            profile[Claims.EmailVerified] = principal.GetClaim(Claims.EmailVerified) == "true";
        }

        await http.Response.WriteAsJsonAsync(profile, http.RequestAborted);
    }

    private static ClaimsPrincipal CreatePrincipal(StandInPerson person, StandInFault fault, OpenIddictRequest request, HttpRequest http, DateTimeOffset now)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Id).SetClaim(FaultClaim, fault.Id);

        // The picker has just asked.
        identity.SetClaim(Claims.AuthenticationTime, now.ToUnixTimeSeconds());
        if (request.HasScope(Scopes.Profile))
        {
            identity.SetClaim(Claims.Name, person.Name)
                .SetClaim(Claims.GivenName, person.GivenName)
                .SetClaim(Claims.FamilyName, person.FamilyName)
                .SetClaim(Claims.Picture, person.HasPicture ? $"{BrowserAddress.Of(http.HttpContext).StandIns}/people/{person.Id}.svg" : null);
        }

        if (person.Roles.Count > 0)
        {
            identity.SetClaims(RolesClaim, [.. person.Roles]);
        }

        if (request.HasScope(Scopes.Email))
        {
            identity.SetClaim(Claims.Email, person.Email).SetClaim(Claims.EmailVerified, fault != StandInFault.UnverifiedEmail);
        }

        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static claim =>
            claim.Type == FaultClaim ? [] : [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    private static Task RefuseAsync(HttpContext http, string error, string description) =>
        http.ForbidAsync(Scheme, new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }));
}
