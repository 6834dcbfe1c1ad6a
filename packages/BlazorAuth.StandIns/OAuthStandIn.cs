using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.StandIns;

/// <summary>The authorization code flow that Google, GitHub and plain OAuth share; what differs on the wire is theirs to say.</summary>
internal abstract class OAuthStandIn(
    StandInProvider provider, StandInOptions options, RedirectUri redirects, StandInGrants grants, StandInPages pages, TimeProvider clock, ILogger logger)
{
    protected StandInGrants Grants => grants;

    public async Task AuthorizeAsync(HttpContext http)
    {
        var form = HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType
            ? await http.Request.ReadFormAsync(http.RequestAborted)
            : FormCollection.Empty;
        var parameters = HttpMethods.IsPost(http.Request.Method) ? form.AsEnumerable().ToList() : [.. http.Request.Query];
        var request = new AuthorizeRequest(parameters);

        if (request.ClientId != options.ClientId)
        {
            await RefuseAsync(http, "invalid_client", "Unknown client id. A stand-in knows only one client; check the app's configured id.");
            return;
        }

        if (!redirects.IsAllowed(request.RedirectUri, BrowserAddress.Of(http)))
        {
            await RefuseAsync(http, "redirect_uri_mismatch", "The redirect_uri has to be on the app's own origin or on this machine.");
            return;
        }

        if (request.FindError() is { } error)
        {
            logger.RequestRefused(provider.Id, error);
            Redirect(http, request, provider.Issuer, new() { ["error"] = error });
            return;
        }

        var choice = HttpMethods.IsPost(http.Request.Method) ? PickerChoice.Read(form, options) : null;
        if (choice is null || choice.Problem is not null)
        {
            await pages.ShowPickerAsync(http, provider, parameters, request.RedirectUri!, choice?.Problem);
            return;
        }

        Answer(http, request, choice);
    }

    public async Task TokenAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var (id, secret) = Client(http.Request, form);
        if (id != options.ClientId || !FixedTimeEquals(secret, options.ClientSecret))
        {
            await RefuseTokenAsync(http, TokenError.Client);
            return;
        }

        if (!IsSupportedGrantType(form["grant_type"]))
        {
            await RefuseTokenAsync(http, TokenError.GrantType);
            return;
        }

        var grant = grants.TakeCode(form["code"].ToString());
        if (grant is null || grant.Provider != provider || grant.ClientId != id || !VerifierFits(grant, form["code_verifier"]))
        {
            await RefuseTokenAsync(http, TokenError.Code);
            return;
        }

        if (grant.RedirectUri != form["redirect_uri"])
        {
            await RefuseTokenAsync(http, TokenError.RedirectUri);
            return;
        }

        await GrantTokenAsync(http, grant);
    }

    protected abstract Task WriteTokenAsync(HttpContext http, StandInGrant grant);

    protected abstract Task WriteTokenErrorAsync(HttpContext http, TokenError error);

    protected abstract bool IsSupportedGrantType(string? grantType);

    protected abstract char ScopeSeparator { get; }

    /// <summary>The client that asks for a token, and its secret.</summary>
    protected virtual (string? Id, string? Secret) Client(HttpRequest request, IFormCollection form) => (form["client_id"], form["client_secret"]);

    protected virtual Dictionary<string, string?> DeniedAnswer => new() { ["error"] = "access_denied" };

    protected virtual Dictionary<string, string?> CodeAnswer(AuthorizeRequest request, string code) => new() { ["code"] = code };

    protected StandInGrant? FindBearer(HttpRequest request, string scheme = "Bearer")
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase) &&
            grants.FindToken(header[(scheme.Length + 1)..].Trim()) is { } grant && grant.Provider == provider ? grant : null;
    }

    private Task RefuseAsync(HttpContext http, string code, string explanation)
    {
        logger.RequestRefused(provider.Id, code);
        return pages.ShowProblemAsync(http, provider, code, explanation);
    }

    private Task RefuseTokenAsync(HttpContext http, TokenError error)
    {
        logger.TokenRefused(provider.Id, error.ToString());
        return WriteTokenErrorAsync(http, error);
    }

    private void Answer(HttpContext http, AuthorizeRequest request, PickerChoice choice)
    {
        var issuer = choice.Fault == StandInFault.WrongIssuer ? StandInProvider.WrongIssuer : provider.Issuer;
        if (choice.Person is null)
        {
            Redirect(http, request, issuer, DeniedAnswer);
            return;
        }

        var code = grants.IssueCode(new StandInGrant(provider, request.ClientId!, request.RedirectUri!, choice.Person)
        {
            Fault = choice.Fault,
            CodeChallenge = request.CodeChallenge,
            Scopes = request.Scope?.Split([' ', ScopeSeparator], StringSplitOptions.RemoveEmptyEntries) ?? [],
            PictureUrl = $"{StandInAddress.Of(http.Request)}/people/{choice.Person.Id}.svg",
        });
        Redirect(http, request, issuer, CodeAnswer(request, code));
    }

    private static void Redirect(HttpContext http, AuthorizeRequest request, string? issuer, Dictionary<string, string?> answer)
    {
        answer["state"] = request.State;
        answer["iss"] = issuer;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Redirect(QueryHelpers.AddQueryString(request.RedirectUri!, answer));
    }

    private async Task GrantTokenAsync(HttpContext http, StandInGrant grant)
    {
        if (grant.Fault == StandInFault.ServerError)
        {
            await WriteServerErrorAsync(http);
            return;
        }

        if (grant.Fault == StandInFault.Slow)
        {
            await Task.Delay(options.SlowDelay, clock, http.RequestAborted);
        }

        await WriteTokenAsync(http, grant);
    }

    // What an unavailable provider sends: HTML from its load balancer.
    internal static Task WriteServerErrorAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync("<!doctype html><title>Server error</title><h1>500. That's an error.</h1>", http.RequestAborted);
    }

    private static bool VerifierFits(StandInGrant grant, string? verifier)
    {
        if (string.IsNullOrEmpty(verifier) || grant.CodeChallenge is null)
        {
            // A verifier without a challenge is a downgraded request (RFC 9700, 4.8.2).
            return string.IsNullOrEmpty(verifier) && grant.CodeChallenge is null;
        }

        return FixedTimeEquals(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), grant.CodeChallenge);
    }

    internal static bool FixedTimeEquals(string? left, string right) =>
        left is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}

/// <summary>Why a token request is refused; each provider has its own words for it.</summary>
internal enum TokenError
{
    Client,
    GrantType,
    Code,
    RedirectUri,
}

/// <summary>The parameters of an authorization request. One that is repeated counts as missing (RFC 6749, 3.1).</summary>
internal sealed class AuthorizeRequest(IEnumerable<KeyValuePair<string, StringValues>> parameters)
{
    private readonly Dictionary<string, StringValues> _parameters = parameters.ToDictionary(StringComparer.Ordinal);

    public string? ClientId => Single("client_id");

    public string? RedirectUri => Single("redirect_uri");

    public string? State => Single("state");

    public string? Scope => Single("scope");

    public string? CodeChallenge => Single("code_challenge");

    public string? FindError() => this switch
    {
        _ when _parameters.Values.Any(value => value.Count > 1) => "invalid_request",
        _ when Single("response_type") != "code" => "unsupported_response_type",
        _ when CodeChallenge is not null && Single("code_challenge_method") != "S256" => "invalid_request",
        _ when Single("prompt") == "none" => "interaction_required",
        _ => null,
    };

    private string? Single(string name) =>
        _parameters.TryGetValue(name, out var value) && value.Count == 1 && !string.IsNullOrEmpty(value[0]) ? value[0] : null;
}
