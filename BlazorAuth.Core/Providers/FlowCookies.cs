using System.Buffers.Text;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Providers;

/// <summary>
/// The cookies that bind a sign-in to a browser. Where the answer comes as a form that the browser posts across sites, to which it sends no Lax cookies,
/// they are <c>None; Secure</c>.
/// </summary>
internal sealed class FlowCookies(IOptions<AuthOptions> options, CookieNames names)
{
    private const string FormPost = "form_post";

    /// <summary>How many sign-ins a browser may have begun at once.</summary>
    private const int MostPending = 10;

    /// <summary>How many are forgotten at a time: each costs bytes in the answer.</summary>
    private const int MostDropped = 3;

    /// <summary>Whether the answers of a scheme come as a form post, as far as its options tell.</summary>
    public bool AnswersByPost(string id, RemoteAuthenticationOptions remote) =>
        options.Value.Providers.FormPost.Contains(id, StringComparer.OrdinalIgnoreCase)
        || remote is OpenIdConnectOptions { ResponseMode: OpenIdConnectResponseMode.FormPost };

    public void Configure(RemoteAuthenticationOptions remote)
    {
        remote.CorrelationCookie = new Correlation(remote)
        {
            Name = remote.CorrelationCookie.Name, HttpOnly = true, IsEssential = true,
        };
        UseSetting(remote.CorrelationCookie);
        if (remote is OpenIdConnectOptions oidc)
        {
            UseSetting(oidc.NonceCookie);
        }
    }

    public void PostConfigure(string id, RemoteAuthenticationOptions remote)
    {
        if (!AnswersByPost(id, remote))
        {
            return;
        }

        Open(remote.CorrelationCookie);
        if (remote is OpenIdConnectOptions oidc)
        {
            Open(oidc.NonceCookie);
        }
    }

    /// <summary>
    /// Opens the cookies of a sign-in that has just begun where its address asks for a form post (Sign in with Apple), or the protocol is one whose answers are
    /// posted (WS-Federation, SAML). Says whether they are open.
    /// </summary>
    public bool Open(HttpContext http, AuthProvider provider, string location)
    {
        if (AnswersByPost(provider.Id, provider.Options!))
        {
            return true;
        }

        var query = location.IndexOf('?', StringComparison.Ordinal);
        var asksForPost = query >= 0 && QueryHelpers.ParseQuery(location[query..]).TryGetValue("response_mode", out var mode) && mode == FormPost;
        if (!asksForPost && (provider.Options is OAuthOptions or OpenIdConnectOptions || !http.Request.IsHttps))
        {
            return false;
        }

        string[] ours = [provider.Options!.CorrelationCookie.Name!, names.Browser(http.Request.IsHttps) + "="];
        http.Response.Headers.SetCookie = new StringValues(
            [.. http.Response.Headers.SetCookie.Select(cookie => ours.Any(name => cookie!.StartsWith(name, StringComparison.Ordinal)) ? Opened(cookie!) : cookie)]);
        return true;
    }

    /// <summary>Forgets the sign-ins that were begun first and never ended, so that their cookies do not fill the header of every later request.</summary>
    public static void DropAbandoned(AuthRequest request, AuthProvider provider)
    {
        if (provider.Options!.CorrelationCookie is not Correlation { Path: null } cookie || !AuthPaths.Covers(provider.Options.CallbackPath))
        {
            return;
        }

        var pending = new List<string>();
        foreach (var sent in CookieHeader.In(request.Http.Request))
        {
            if (sent.Name.StartsWith(cookie.Name!, StringComparison.Ordinal) && Base64Url.IsValid(sent.Name[cookie.Name!.Length..]))
            {
                pending.Add(sent.Name.ToString());
            }
        }

        // Browsers send the oldest first.
        foreach (var name in pending.Take(Math.Clamp(pending.Count - MostPending, 0, MostDropped)))
        {
            (SetCookie.Deletion(name, request.Address.IsSecure, SameSiteMode.Lax) with { Path = request.Address.PathBase.ToUriComponent() + AuthPaths.Base })
                .AppendTo(request.Http.Response);
        }
    }

    private static string Opened(string cookie) => string.Join(';', cookie.Split(';').Where(part =>
        !part.TrimStart().StartsWith("samesite", StringComparison.OrdinalIgnoreCase) && !part.Trim().Equals("secure", StringComparison.OrdinalIgnoreCase)))
        + "; secure; samesite=none";

    // A front end on another site starts the flow with a cross-site request, for which browsers accept no Lax cookies.
    private void UseSetting(CookieBuilder cookie)
    {
        cookie.SameSite = options.Value.Cookies.SameSite;
        cookie.SecurePolicy = cookie.SameSite == SameSiteMode.None ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    private static void Open(CookieBuilder cookie)
    {
        cookie.SameSite = SameSiteMode.None;
        cookie.SecurePolicy = CookieSecurePolicy.Always;
    }

    // For all endpoints, or for the whole app if it chose the callback path itself, rather than for one exact path: a callback in a different case or with an
    // extra slash is the same.
    private sealed class Correlation(RemoteAuthenticationOptions remote) : RequestPathBaseCookieBuilder
    {
        protected override string AdditionalPath => AuthPaths.Covers(remote.CallbackPath) ? AuthPaths.Base : "";

        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var built = base.Build(context, expiresFrom);
            built.Expires ??= expiresFrom + remote.RemoteAuthenticationTimeout;
            return built;
        }
    }
}
