using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>The addresses of the endpoints, below the path base.</summary>
internal static class AuthPaths
{
    public const string Base = "/api/auth";
    public const string Callback = Base + "/callback/";
    public const string FreshQuery = "?fresh=true";
    /// <summary>The value of <c>where</c> with which a person asks to be signed out on every device.</summary>
    public const string Everywhere = "everywhere";

    public const string SignedOutCallback = Base + "/signout/callback/";

    /// <summary>Puts a path that the app's code names below the path base, unless it is there already. Other addresses stay as they are.</summary>
    public static string Below(string pathBase, string address) =>
        pathBase.Length > 0 && address.StartsWith('/') && !ReturnUrl.NamesHost(address) && !IsBelow(pathBase, address) ? pathBase + address : address;

    private static bool IsBelow(string pathBase, string address) =>
        address.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase) && (address.Length == pathBase.Length || address[pathBase.Length] is '/' or '?' or '#');

    /// <summary>Whether a request is for a page of this name. The path base may still be in its path: <c>WebApplication</c> authenticates before the app's <c>UsePathBase</c>.</summary>
    public static bool EndsIn(HttpRequest request, string page) => request.Path.Value!.EndsWith(Base + page, StringComparison.OrdinalIgnoreCase);

    public static string SignIn(string pathBase, string? provider = null) =>
        provider is null ? $"{pathBase}{Base}/signin" : $"{pathBase}{Base}/signin/{Uri.EscapeDataString(provider)}";

    /// <summary>The page that asks a signed-in person to sign in once more; without a provider, the one to choose a way.</summary>
    public static string Fresh(string pathBase, string? provider, string returnUrl) =>
        PageAddresses.With(SignIn(pathBase, provider) + FreshQuery, ("callbackUrl", returnUrl));

    /// <summary>The path of a provider's callback. Handlers write it into the address that they send, so every list writes it in the same way.</summary>
    public static PathString CallbackPath(string provider) => new(Callback + provider);

    public static string CallbackOf(string pathBase, string provider) => pathBase + CallbackPath(provider).ToUriComponent();

    public static string SignOut(string pathBase) => $"{pathBase}{Base}/signout";

    public static string Account(string pathBase) => $"{pathBase}{Base}/account";

    /// <summary>Connects an account at a provider to the signed-in user.</summary>
    public static string Connect(string pathBase, string provider) => $"{pathBase}{Base}/account/connect/{Uri.EscapeDataString(provider)}";

    public static string Disconnect(string pathBase) => $"{pathBase}{Base}/account/disconnect";

    public static string Export(string pathBase) => $"{pathBase}{Base}/account/export";

    public static string Delete(string pathBase) => $"{pathBase}{Base}/account/delete";

    /// <summary>The page that asks whether two accounts are to be joined, and leads on.</summary>
    public static string Link(string pathBase, string? returnUrl = null) => PageAddresses.With($"{pathBase}{Base}/account/link", ("callbackUrl", returnUrl));

    public static string Sessions(string pathBase) => $"{pathBase}{Base}/sessions";

    public static bool Covers(PathString path) => path.StartsWithSegments(Base);
}
