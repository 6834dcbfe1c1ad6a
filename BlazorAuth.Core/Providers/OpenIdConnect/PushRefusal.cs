using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// What a refused push tells about the next one. A visitor decides on much of a request: hints, a confirmation, how long it is, the host where the app takes that
/// from the visitor. What such a part may have caused counts for nobody else.
/// </summary>
internal sealed record PushRefusal(TimeSpan For, bool OfAddressOnly = false)
{
    private const int UsualLength = 4096;

    private static readonly PushRefusal Client = new(TimeSpan.FromHours(1));
    private static readonly PushRefusal Address = Client with { OfAddressOnly = true };

    private static readonly string[] OfEveryRequest =
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "resource",
        "x-client-SKU", "x-client-ver",
    ];

    /// <summary>A server that is not there, or has too much to do.</summary>
    public static PushRefusal Down { get; } = new(TimeSpan.FromMinutes(1));

    /// <summary>What may be concluded from an answer; null for nothing. An error that is not about the client is about the request (RFC 6749 §4.1.2.1, RFC 9126 §2.3).</summary>
    public static PushRefusal? Of(HttpStatusCode status, string? error, PushedAuthorizationContext context) => status switch
    {
        _ when error == "invalid_client" => Client,

        // A firewall in front of the provider refuses what it does not like with any of the codes below.
        _ when !IsUsual(context) => null,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Down,
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => Client,
        HttpStatusCode.Unauthorized when error is null => Client,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => Address,
        HttpStatusCode.Forbidden when error is null => Address,
        _ when error == "unauthorized_client" => Address,
        _ => null,
    };

    /// <summary>Whether a request has nothing but what every sign-in of the provider has.</summary>
    private static bool IsUsual(PushedAuthorizationContext context)
    {
        var (message, options) = (context.ProtocolMessage, context.Options);
        return message.Scope == string.Join(' ', options.Scope)
            && message.Parameters.Sum(pair => pair.Key.Length + (pair.Value?.Length ?? 0)) <= UsualLength
            && message.Parameters.All(pair => OfEveryRequest.Contains(pair.Key, StringComparer.Ordinal) || pair.Value == OfOptions(pair.Key, options));
    }

    private static string? OfOptions(string name, OpenIdConnectOptions options) => name switch
    {
        _ when options.AdditionalAuthorizationParameters.TryGetValue(name, out var value) => value,
        "prompt" => options.Prompt,
        "max_age" when options.MaxAge is { } age => Convert.ToInt64(Math.Floor(age.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
