using BlazorAuth;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuthApp;

/// <summary>
/// User names and passwords from the section "Users" of the configuration: a name, and the password's hash. Replace it with the users of your own.
/// appsettings.Development.json has one: ada, with the password "try me".
/// </summary>
internal static class Passwords
{
    private static readonly PasswordHasher<string> Hasher = new();

    // Checked when nobody has the name, so that the answer takes as long and nobody learns which names exist.
    private static readonly string NobodysHash = Hasher.HashPassword("", Guid.NewGuid().ToString());

    public static ValueTask<CredentialsResult> CheckAsync(CredentialsContext context)
    {
        // The name is the one in the configuration, by the letter, however it was typed: one user, one ID.
        var typed = context.Form["user"].ToString().Trim();
        var user = context.Services.GetRequiredService<IConfiguration>().GetSection("Users").GetChildren()
            .FirstOrDefault(user => user.Key.Equals(typed, StringComparison.OrdinalIgnoreCase));
        var (name, hash) = (user?.Key ?? typed, user?.Value);
        var result = Hasher.VerifyHashedPassword(name, hash ?? NobodysHash, context.Form["password"].ToString());
        return ValueTask.FromResult(hash is null || result == PasswordVerificationResult.Failed
            ? CredentialsResult.Refuse()
            : CredentialsResult.Accept(new SessionUser { Id = "password:" + name, Name = name }));
    }
}
