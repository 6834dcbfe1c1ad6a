using Microsoft.Extensions.Logging;

namespace BlazorAuth.StandIns;

/// <summary>Ids and codes only: no code, token, secret, name or e-mail is ever logged.</summary>
internal static partial class StandInLog
{
    [LoggerMessage(901, LogLevel.Information, "{Scheme} has no client ({Variable} is not set), so it is replaced by a local stand-in.", EventName = "StandInUsed")]
    public static partial void StandInUsed(this ILogger logger, string scheme, string variable);

    [LoggerMessage(902, LogLevel.Warning, "The {Provider} stand-in rejected a sign-in request: {Error}.", EventName = "StandInRequestRefused")]
    public static partial void RequestRefused(this ILogger logger, string provider, string error);

    [LoggerMessage(903, LogLevel.Warning, "The {Provider} stand-in rejected a token request: {Error}.", EventName = "StandInTokenRefused")]
    public static partial void TokenRefused(this ILogger logger, string provider, string error);

    [LoggerMessage(904, LogLevel.Warning, "AUTH_STAND_INS=private: anyone on a private network who can reach this app can sign in as anyone.", EventName = "StandInPrivateNetworks")]
    public static partial void PrivateNetworksAllowed(this ILogger logger);

    [LoggerMessage(905, LogLevel.Warning, "A request to the stand-ins came from another machine and was refused. For containers, AUTH_STAND_INS=private also allows private networks.", EventName = "StandInFarRequest")]
    public static partial void FarRequestRefused(this ILogger logger);
}
