using System.Text.Json.Nodes;

namespace BlazorAuth;

/// <summary>What an account callback decides on: whose account this is in the app.</summary>
public sealed class AccountContext
{
    /// <summary>
    /// Who vouches for <see cref="Subject"/>: the issuer of an OpenID Connect provider, <c>https://github.com</c>, or the id of another provider. An issuer of
    /// ours holds a slash behind its kind: <c>credentials/password</c>, <c>app/…</c> (<c>HttpContext.SignInAsync</c>), <c>authjs/session</c>.
    /// </summary>
    public required string Issuer { get; init; }

    /// <summary>The person's id there. Issuer and subject together are unique and never change: store both.</summary>
    public required string Subject { get; init; }

    /// <summary>The provider's id in this app, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The person as the provider describes them. <see cref="SessionUser.Id"/> is the id that they would have without an answer of yours.</summary>
    public required SessionUser User { get; init; }

    /// <summary>
    /// The e-mail address, if the provider says that it is the person's own. Never take it for proof that an account belongs to a user who is known by this
    /// address: whoever can have the provider say so would become that user.
    /// </summary>
    public string? VerifiedEmail => User.EmailVerified ? User.Email : null;

    /// <summary>
    /// The user, by your id, who is signed in and connects this account to theirs; <see langword="null"/> at a sign-in. Answer with this id once the account is
    /// theirs, or deny with <see cref="AuthErrorReason.AccountOfSomebodyElse"/>.
    /// </summary>
    public string? ConnectingUserId { get; init; }

    /// <summary>The provider's claims about the person, as it sent them; empty where there are none.</summary>
    public required JsonObject Profile { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Cancelled when the request is.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>What an account callback decided.</summary>
public sealed class AccountDecision
{
    private AccountDecision(string? userId, bool isNew, AuthErrorReason reason)
    {
        UserId = userId;
        IsNewUser = isNew;
        Reason = reason;
    }

    /// <summary>The app's own id of the user; <see langword="null"/> when the person may not sign in.</summary>
    public string? UserId { get; }

    /// <summary>Whether the user came for the first time.</summary>
    public bool IsNewUser { get; }

    /// <summary>Why the person may not sign in, for the page that says so.</summary>
    public AuthErrorReason Reason { get; }

    /// <summary>The account belongs to this user.</summary>
    /// <param name="userId">The app's own id, up to 1,024 characters. It has to be the same at every sign-in.</param>
    /// <param name="isNew">Whether the user came for the first time: <see cref="SignInContext.IsNewUser"/>.</param>
    public static AccountDecision User(string userId, bool isNew = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return new(userId, isNew, AuthErrorReason.None);
    }

    /// <summary>The person may not sign in.</summary>
    /// <param name="reason">What the page says, such as <see cref="AuthErrorReason.Banned"/>.</param>
    public static AccountDecision Deny(AuthErrorReason reason = AuthErrorReason.None) => new(null, false, reason);
}
