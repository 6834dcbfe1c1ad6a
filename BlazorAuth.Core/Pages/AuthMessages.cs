namespace BlazorAuth.Pages;

/// <summary>What a person is told: what happened, and what to do next.</summary>
/// <param name="Title">What happened, in a few words.</param>
/// <param name="Text">What happened and what to do, in one or two sentences.</param>
/// <param name="IsCalm">Whether nothing went wrong: the person changed their mind, or has to sign in first.</param>
public sealed record AuthMessage(string Title, string Text, bool IsCalm = false);

/// <summary>The messages by code and reason. A code that is not ours gets the general one: its text is anybody's.</summary>
internal static class AuthMessages
{
    public static AuthMessage NotFound(string text) => new("Not found", text + " Check the address, or choose another way to sign in.");

    public static AuthMessage WrongMethod { get; } = new("That did not work", "This address cannot be used in that way. Go back and try again.");

    public static AuthMessage For(string code, AuthErrorReason reason, string? provider)
    {
        var name = provider ?? "The provider";
        return reason switch
        {
            AuthErrorReason.Cancelled => new("Sign-in cancelled", $"You did not finish signing in with {provider ?? "the provider"}. Nothing has changed.", IsCalm: true),
            AuthErrorReason.ProviderRefused => new($"{name} said no", $"{name} did not let this sign-in through. Try again, or use another way to sign in."),
            AuthErrorReason.Expired => new("That took too long", "This sign-in has expired. Start again; it only takes a moment."),
            AuthErrorReason.CookieLost => new(
                "The sign-in was interrupted", "Your browser did not send the cookie that belongs to this sign-in. Start again in this window; allow cookies if they are blocked."),
            AuthErrorReason.AlreadyUsed => new("Already used", "This sign-in was completed before, perhaps because you went back. If you are not signed in, start again."),
            AuthErrorReason.ProviderUnavailable => new($"{name} does not answer", $"{name} cannot be reached or has a problem of its own. Wait a moment, then try again."),
            AuthErrorReason.ProviderAnswer => new("The sign-in did not work", $"The answer of {provider ?? "the provider"} could not be used. Start again; if it happens twice, tell the people who run this site."),
            AuthErrorReason.IssuerMismatch => new("The sign-in was stopped", $"The answer did not come from {provider ?? "the provider"} that was asked, so it was not used. Start again."),
            AuthErrorReason.StoreUnavailable => new("Not possible right now", "Signing in is not possible for the moment because of a fault on this site. Whoever is signed in stays signed in. Try again in a minute."),
            AuthErrorReason.TooManyAttempts => new("Too many attempts", "There were many attempts from your network. Wait a minute, then try again."),
            AuthErrorReason.OtherPerson => new(
                "That was somebody else", "You were asked to show that it is still you, but another account was used. Nothing has changed; try again with your own."),
            AuthErrorReason.NotAskedAgain => new(
                "Please sign in once more", $"{name} did not ask you to sign in again. Sign out there, or close the browser, then try again."),
            _ => ForCode(code, name),
        };
    }

    private static AuthMessage ForCode(string code, string provider) => code switch
    {
        AuthError.AccessDenied => new("No access", "You are not allowed to use this site with that account. Use another account, or ask the people who run this site."),
        AuthError.Verification => new("This link no longer works", "It was used before or has expired. Ask for a new one."),
        AuthError.OAuthCallbackError => new($"{provider} said no", $"{provider} did not let this sign-in through. Try again, or use another way to sign in."),
        AuthError.MissingCsrf => new("Please try again", "The page was open for too long or came from somewhere else. Choose how to sign in once more.", IsCalm: true),
        AuthError.CredentialsSignin => new("That did not match", "Check what you entered, then try again."),
        AuthError.SessionRequired => new("Sign in first", "The page you want needs you to be signed in.", IsCalm: true),
        "OAuthAccountNotLinked" => new("Use the way you used before", "To make sure it is you, sign in the same way as the first time."),
        AuthError.Configuration => new("Something is wrong with this site", "Signing in does not work because of a fault on this site. Tell the people who run it."),
        _ => new("Signing in did not work", "Try again, or use another way to sign in."),
    };
}
