namespace BlazorAuth.Identity;

/// <summary>
/// The key of a login. Identity tells people of one scheme apart by it alone, and a subject is unique only for its issuer: where a scheme accepts
/// several issuers, the issuer is part of the key.
/// </summary>
internal static class LoginKey
{
    public static string Of(string issuer, string subject, bool isOfManyIssuers) => isOfManyIssuers ? $"{issuer} {subject}" : subject;
}
