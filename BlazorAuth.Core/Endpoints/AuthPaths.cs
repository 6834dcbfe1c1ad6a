using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary>The addresses of the endpoints, below the path base.</summary>
internal static class AuthPaths
{
    public const string Base = "/api/auth";
    public const string Callback = Base + "/callback/";
    public const string SignedOutCallback = Base + "/signout/callback/";

    public static string SignIn(string pathBase, string? provider = null) =>
        provider is null ? $"{pathBase}{Base}/signin" : $"{pathBase}{Base}/signin/{Uri.EscapeDataString(provider)}";

    public static string CallbackOf(string pathBase, string provider) => $"{pathBase}{Callback}{Uri.EscapeDataString(provider)}";

    public static string SignOut(string pathBase) => $"{pathBase}{Base}/signout";

    public static bool Covers(PathString path) => path.StartsWithSegments(Base);
}
