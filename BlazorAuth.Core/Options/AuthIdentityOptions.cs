namespace BlazorAuth;

/// <summary>How BlazorAuth works with ASP.NET Core Identity.</summary>
public sealed class AuthIdentityOptions
{
    /// <summary>
    /// Whether someone who signs in through BlazorAuth with an account that belongs to no user becomes a new user: with the verified address as user name and as
    /// confirmed e-mail address, by <c>UserManager</c> and its validators. Default: true. If false, they are denied; Identity's own pages still register people.
    /// </summary>
    public bool CreateUsers { get; set; } = true;

    /// <summary>
    /// The page that asks for the second factor, below the path base. It gets <c>returnUrl</c> and <c>rememberMe</c>. Default: the login path with <c>With2fa</c>
    /// at its end, which is where the template and Identity's default pages have it.
    /// </summary>
    public string? TwoFactorPath { get; set; }
}
