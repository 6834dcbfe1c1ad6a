namespace BlazorAuth.Identity;

/// <summary>
/// The key of a login. Identity tells people of one scheme apart by it alone, and a subject is unique only for its issuer: where a scheme speaks for many
/// tenants, each with an issuer of its own, the issuer is part of the key.
/// </summary>
internal static class LoginKey
{
    public static string Of(string issuer, string subject, bool isOfManyTenants) => isOfManyTenants ? $"{issuer} {subject}" : subject;
}
