namespace BlazorAuth.Texts;

/// <summary>The messages by code and reason. An unknown code gets the general one: anyone could have written it.</summary>
internal static class PageMessages
{
    public static AuthMessage NotFound(AuthTexts texts) => Of(texts, "NotFound", "");

    public static AuthMessage WrongMethod(AuthTexts texts) => Of(texts, "WrongMethod", "");

    public static AuthMessage For(AuthPageOptions options, AuthTexts texts, string code, AuthErrorReason reason, string? provider) =>
        options.ErrorText?.Invoke(new AuthErrorText(code, reason, provider, texts))
            ?? Of(texts, Key(code, reason), provider ?? texts["Provider.Unknown"], IsCalm(code, reason));

    /// <summary>The part of the text's key that stands for a code and reason.</summary>
    public static string Key(string code, AuthErrorReason reason) => reason != AuthErrorReason.None ? reason.ToString() : code switch
    {
        AuthError.AccessDenied or AuthError.Verification or AuthError.MissingCsrf or AuthError.CredentialsSignIn or AuthError.SessionRequired
            or AuthError.Configuration => code == AuthError.MissingCsrf ? "MissingCsrf" : code,
        AuthError.OAuthCallbackError => "ProviderRefused",
        AuthError.OAuthAccountNotLinked => "OtherWay",
        _ => "General",
    };

    private static bool IsCalm(string code, AuthErrorReason reason) =>
        reason == AuthErrorReason.Cancelled || (reason == AuthErrorReason.None && code is AuthError.MissingCsrf or AuthError.SessionRequired);

    private static AuthMessage Of(AuthTexts texts, string key, string provider, bool isCalm = false) =>
        new(texts[$"Error.{key}.Title", provider], texts[$"Error.{key}.Text", provider], isCalm);
}
