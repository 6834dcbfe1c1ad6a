using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <summary>A provider without a remote server: its form, and the code that checks it.</summary>
public sealed class CredentialsProvider
{
    internal CredentialsProvider(string scheme, string displayName, Func<CredentialsContext, ValueTask<CredentialsResult>> authorize)
    {
        Scheme = scheme;
        DisplayName = displayName;
        Authorize = authorize;
    }

    /// <summary>The name of the scheme; in lower case, it is the provider's ID.</summary>
    public string Scheme { get; }

    /// <summary>The display name. Default: the scheme's name.</summary>
    public string DisplayName { get; set; }

    /// <summary>
    /// The fields of the form on the built-in sign-in page, in order. Default: <c>user</c> and <c>password</c>. Without fields the provider is
    /// not on the page, only on its endpoint.
    /// </summary>
    public IList<CredentialsField> Fields { get; } =
    [
        new("user", "User name") { AutoComplete = "username" },
        new("password", "Password") { Type = "password", AutoComplete = "current-password" },
    ];

    internal Func<CredentialsContext, ValueTask<CredentialsResult>> Authorize { get; }

    /// <summary>The form of a provider; null when it is not a credentials provider.</summary>
    internal static CredentialsProvider? Find(IServiceProvider services, AuthProvider provider) =>
        provider.Type == AuthProviderType.Credentials ? Find(services, provider.Scheme) : null;

    internal static CredentialsProvider? Find(IServiceProvider services, string scheme) =>
        services.GetServices<CredentialsProvider>().FirstOrDefault(provider => provider.Scheme == scheme);
}

/// <summary>A field of a credentials form.</summary>
/// <param name="Name">The field's name in the form.</param>
/// <param name="Label">The label on the page.</param>
public sealed record CredentialsField(string Name, string Label)
{
    /// <summary>The type of the input element. Default: <c>text</c>.</summary>
    public string Type { get; init; } = "text";

    /// <summary>What a password manager may fill in. Default: <c>off</c>.</summary>
    public string AutoComplete { get; init; } = "off";

    /// <summary>Whether what is entered is never shown again: passwords and codes.</summary>
    internal bool IsSecret =>
        Type is "password" or "hidden" or "file"
        || AutoComplete.Contains("password", StringComparison.OrdinalIgnoreCase)
        || AutoComplete.Contains("one-time-code", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The credentials to check.</summary>
public sealed class CredentialsContext
{
    /// <summary>The whole form, or the string members of a JSON body. Compare secrets in constant time, and never log them.</summary>
    public required IFormCollection Form { get; init; }

    /// <summary>The request, for example to read the client's address.</summary>
    public required HttpContext HttpContext { get; init; }

    /// <summary>The services of the request.</summary>
    public IServiceProvider Services => HttpContext.RequestServices;

    /// <summary>Cancelled when the request is.</summary>
    public CancellationToken CancellationToken => HttpContext.RequestAborted;
}

/// <summary>The result of checking credentials. A <see cref="SessionUser"/> accepts them; <see langword="null"/> rejects them.</summary>
public sealed class CredentialsResult
{
    private CredentialsResult(SessionUser? user, string code)
    {
        User = user;
        Code = code;
    }

    /// <summary>Who signs in; <see langword="null"/> if the credentials were rejected.</summary>
    public SessionUser? User { get; }

    /// <summary>The code that tells the browser why they were rejected; empty if they were accepted.</summary>
    public string Code { get; }

    /// <summary>
    /// The credentials are correct, and this person signs in. The ID must be stable, and nothing that people choose: whoever has it is that user, also one who came
    /// with another provider before. The IDs of those can be computed, so a name that people register needs a prefix: <c>"password:" + name</c>.
    /// </summary>
    public static CredentialsResult Accept(SessionUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentException.ThrowIfNullOrEmpty(user.Id);
        return new(user, "");
    }

    /// <summary>The credentials are wrong. <paramref name="code"/> reaches the browser as <c>code</c>: it must not reveal anything that helps with guessing.</summary>
    public static CredentialsResult Refuse(string code = "credentials")
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        return new(null, code);
    }

    /// <summary>A user accepts the credentials; <see langword="null"/> rejects them.</summary>
    public static implicit operator CredentialsResult(SessionUser? user) => FromSessionUser(user);

    /// <summary>A user accepts the credentials; <see langword="null"/> rejects them.</summary>
    public static CredentialsResult FromSessionUser(SessionUser? user) => user is null ? Refuse() : Accept(user);
}
