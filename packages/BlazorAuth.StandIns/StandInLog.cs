using Microsoft.Extensions.Logging;

namespace BlazorAuth.StandIns;

/// <summary>Ids and codes only: no code, token, secret, name or e-mail is ever logged.</summary>
internal static partial class StandInLog
{
    [LoggerMessage(901, LogLevel.Information, "{Scheme} has no client of its own ({Variable}), so a local stand-in answers for it.", EventName = "StandInUsed")]
    public static partial void StandInUsed(this ILogger logger, string scheme, string variable);

    [LoggerMessage(902, LogLevel.Warning, "The {Provider} stand-in refused a sign-in request: {Error}.", EventName = "StandInRequestRefused")]
    public static partial void RequestRefused(this ILogger logger, string provider, string error);

    [LoggerMessage(903, LogLevel.Warning, "The {Provider} stand-in refused a token request: {Error}.", EventName = "StandInTokenRefused")]
    public static partial void TokenRefused(this ILogger logger, string provider, string error);

    [LoggerMessage(904, LogLevel.Warning, "AUTH_STAND_INS=private: everybody on a private network who reaches this app can sign in as anybody.", EventName = "StandInPrivateNetworks")]
    public static partial void PrivateNetworksAllowed(this ILogger logger);

    [LoggerMessage(905, LogLevel.Warning, "A request for the stand-ins came from another machine and was refused. AUTH_STAND_INS=private lets private networks in, for containers.", EventName = "StandInFarRequest")]
    public static partial void FarRequestRefused(this ILogger logger);
}
