using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Providers;

/// <summary>What a provider's answer brings back of the sign-in that it answers, opened before the scheme's handler sees it and redeems the code.</summary>
internal sealed record CallbackState
{
    private CallbackState()
    {
    }

    /// <summary>What was written when the sign-in started; null when there is no state, or it does not open.</summary>
    public AuthenticationProperties? Properties { get; private init; }

    /// <summary>Whether several states came: which of them the handler would read is not for an answer to choose.</summary>
    public bool IsAmbiguous { get; private init; }

    /// <summary>Whether the scheme keeps its state where only its own handler finds it. Then it is looked at when the handler is done.</summary>
    public bool IsElsewhere { get; private init; }

    /// <summary>Whether there may be a sign-in that this answers. Anybody can send anything else: it is not worth asking the provider anything.</summary>
    public bool MayBeRead => Properties is not null || IsElsewhere;

    public static CallbackState Open(AuthRequest request, AuthProvider provider)
    {
        var format = provider.Options switch
        {
            OAuthOptions oauth => oauth.StateDataFormat,
            OpenIdConnectOptions oidc => oidc.StateDataFormat,
            _ => null,
        };
        if (format is null)
        {
            return new CallbackState { IsElsewhere = true };
        }

        var states = request.Http.Request.Query["state"];
        if (HttpMethods.IsPost(request.Http.Request.Method))
        {
            states = StringValues.Concat(states, request.Body.Fields()["state"]);
        }

        return states.Distinct(StringComparer.Ordinal).ToList() switch
        {
            [{ Length: > 0 } state] => new CallbackState { Properties = format.Unprotect(state) },
            [] or [_] => new CallbackState(),
            _ => new CallbackState { IsAmbiguous = true },
        };
    }
}
