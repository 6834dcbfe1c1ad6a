using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers;

/// <summary>
/// What is added to an authorization request: what a client hints, which never takes the place of what the app, the handler or a step-up set; and what a
/// step-up demands, which does.
/// </summary>
internal sealed class AuthorizationParameters(IOptions<AuthOptions> options)
{
    private const string HintsKey = "blazorauth.hints";
    private const string DemandsKey = "blazorauth.demands";
    private const string Scope = "scope";

    private static readonly string[] Allowed =
    [
        "prompt", "login_hint", Scope, "screen_hint", "acr_values", "ui_locales", "domain_hint", "max_age", "hd", "kc_idp_hint", "organization", "connection",
        "identity_provider", "allow_signup", "login",
    ];

    private static readonly string[] OfTheProtocol =
    [
        "client_id", "client_secret", "client_assertion", "client_assertion_type", "redirect_uri", "response_type", "response_mode", "state", "nonce", "code",
        "code_challenge", "code_challenge_method", "code_verifier", "request", "request_uri", "registration", "id_token_hint", "claims", "resource", "audience", "dpop_jkt",
    ];

    /// <summary>The hints of the option that are none: the protocol's own parameters.</summary>
    public static IEnumerable<string> Problems(AuthProviderOptions options) =>
        from hint in options.Hints
        where OfTheProtocol.Contains(hint, StringComparer.OrdinalIgnoreCase)
        select $"'{hint}' in AuthOptions.Providers.Hints is a protocol parameter, which any visitor could then set. Remove it, or set it in the scheme's options.";

    /// <summary>Takes a client's hints.</summary>
    public void Take(IQueryCollection query, AuthenticationProperties properties)
    {
        var taken = Allowed.Concat(options.Value.Providers.Hints)
            .Distinct(StringComparer.Ordinal)
            .Where(name => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[^1]))
            .ToDictionary(name => name, name => query[name][^1]!, StringComparer.Ordinal);
        if (taken.Count > 0)
        {
            properties.SetParameter(HintsKey, taken);
        }
    }

    /// <summary>Asks the provider to prompt the person again, as far as its protocol allows. A client's hints cannot change that.</summary>
    public static void AskAgain(AuthProvider provider, AuthenticationProperties properties)
    {
        Hints(properties)?.Remove("prompt");
        Hints(properties)?.Remove("max_age");
        properties.SetParameter(
            DemandsKey,
            provider.Type == AuthProviderType.Oidc
                ? new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "login", ["max_age"] = "0" }
                : new Dictionary<string, string>(KnownProvider.Of(provider)?.AskAgain ?? KnownProvider.AskOAuthAgain, StringComparer.Ordinal));
    }

    /// <summary>Runs after the app's own event, which has written the address to the response, or has answered by itself.</summary>
    public void Add(RedirectContext<OAuthOptions> context)
    {
        if (context.Response.Headers.Location.ToString() is not { Length: > 0 } location || (Hints(context.Properties) ?? Demands(context.Properties)) is null)
        {
            return;
        }

        var fragment = location.IndexOf('#', StringComparison.Ordinal);
        var split = (fragment < 0 ? location : location[..fragment]).Split('?', 2);
        var query = QueryHelpers.ParseQuery(split.Length > 1 ? split[1] : "").ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString(), StringComparer.Ordinal);
        Merge(context.Properties, [.. context.Options.Scope], name => query.GetValueOrDefault(name), (name, value) => query[name] = value);
        context.Response.Headers.Location = QueryHelpers.AddQueryString(split[0], query) + (fragment < 0 ? "" : location[fragment..]);
    }

    public void Add(Microsoft.AspNetCore.Authentication.OpenIdConnect.RedirectContext context) => Merge(
        context.Properties, [.. context.Options.Scope], context.ProtocolMessage.GetParameter, context.ProtocolMessage.SetParameter);

    private void Merge(AuthenticationProperties properties, IReadOnlyList<string> ownScopes, Func<string, string?> get, Action<string, string> set)
    {
        foreach (var (name, value) in Hints(properties) ?? [])
        {
            if (name == Scope)
            {
                if (Narrowed(value, get(Scope), ownScopes) is { } scope)
                {
                    set(Scope, scope);
                }
            }
            else if (string.IsNullOrEmpty(get(name)))
            {
                set(name, value);
            }
        }

        foreach (var (name, value) in Demands(properties) ?? [])
        {
            set(name, value);
        }
    }

    /// <summary>The scopes that a client asks for and may have; null where the request keeps its own, because the app chose them for this sign-in or none is left.</summary>
    private string? Narrowed(string asked, string? current, IReadOnlyList<string> ownScopes)
    {
        if (!SameScopes(current, ownScopes))
        {
            return null;
        }

        var allowed = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(scope => ownScopes.Contains(scope) || options.Value.Providers.Scopes.Contains(scope))
            .ToList();
        if (allowed.Count == 0)
        {
            return null;
        }

        if (ownScopes.Contains("openid") && !allowed.Contains("openid"))
        {
            allowed.Insert(0, "openid");
        }

        return string.Join(' ', allowed.Distinct(StringComparer.Ordinal));
    }

    // Handlers join scopes with blanks, some with commas.
    private static bool SameScopes(string? current, IReadOnlyList<string> own) =>
        new HashSet<string>((current ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal)
            .SetEquals(own.SelectMany(scope => scope.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)));

    private static Dictionary<string, string>? Hints(AuthenticationProperties properties) => properties.GetParameter<Dictionary<string, string>>(HintsKey);

    private static Dictionary<string, string>? Demands(AuthenticationProperties properties) => properties.GetParameter<Dictionary<string, string>>(DemandsKey);
}
