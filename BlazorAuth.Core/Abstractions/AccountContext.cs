using System.Text.Json.Nodes;

namespace BlazorAuth;

/// <summary>Passed to the account callback, which decides whose account this is in the app.</summary>
public sealed class AccountContext
{
    /// <summary>
    /// Who issued <see cref="Subject"/>: the issuer of an OpenID Connect provider, <c>https://github.com</c>, or the ID of another provider.
    /// BlazorAuth's own issuers contain a slash: <c>credentials/password</c>, <c>app/…</c> (<c>HttpContext.SignInAsync</c>), <c>authjs/session</c>.
    /// </summary>
    public required string Issuer { get; init; }

    /// <summary>The person's ID at that issuer. Issuer and subject together are unique and never change: store both.</summary>
    public required string Subject { get; init; }

    /// <summary>The provider's ID in this app, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The person as the provider describes them. <see cref="SessionUser.Id"/> is the ID that they would get by default.</summary>
    public required SessionUser User { get; init; }

    /// <summary>
    /// The e-mail address, if the provider confirms that it is the person's own. Never treat it as proof that an account belongs to a user with this
    /// address: anyone who can get the provider to confirm it would become that user.
    /// </summary>
    public string? VerifiedEmail => User.EmailVerified ? User.Email : null;

    /// <summary>
    /// Your ID of the signed-in user who is connecting this account; <see langword="null"/> at a sign-in. Return this ID once the account is
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

/// <summary>The account callback's decision.</summary>
public sealed class AccountDecision
{
    private const int LongestId = 1024;

    private AccountDecision(string? userId, bool isNew, AuthErrorReason reason)
    {
        UserId = userId;
        IsNewUser = isNew;
        Reason = reason;
    }

    /// <summary>The app's own ID of the user; <see langword="null"/> if the person may not sign in.</summary>
    public string? UserId { get; }

    /// <summary>Whether this is the user's first sign-in.</summary>
    public bool IsNewUser { get; }

    /// <summary>Why the person may not sign in; the error page shows it.</summary>
    public AuthErrorReason Reason { get; }

    /// <summary>The account belongs to this user.</summary>
    /// <param name="userId">The app's own ID, up to 1,024 characters. It has to be the same at every sign-in.</param>
    /// <param name="isNew">Whether this is the user's first sign-in: <see cref="SignInContext.IsNewUser"/>.</param>
    /// <exception cref="ArgumentException">The ID is empty or too long.</exception>
    public static AccountDecision User(string userId, bool isNew = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(userId.Length, LongestId, nameof(userId));
        return new(userId, isNew, AuthErrorReason.None);
    }

    /// <summary>The person may not sign in.</summary>
    /// <param name="reason">What the page says, such as <see cref="AuthErrorReason.Banned"/>.</param>
    public static AccountDecision Deny(AuthErrorReason reason = AuthErrorReason.None) => new(null, false, reason);
}
