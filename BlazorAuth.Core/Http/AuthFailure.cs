using System.Security.Cryptography;

namespace BlazorAuth.Http;

/// <summary>A sign-in that failed: what the browser may know of it.</summary>
/// <param name="Reason">Finer than the code.</param>
/// <param name="Provider">The provider to try again with.</param>
/// <param name="ReturnUrl">Where the person was going, checked.</param>
/// <param name="Reference">What finds the line in the log.</param>
/// <param name="Code">The app's own code of refused credentials.</param>
internal sealed record AuthFailure(AuthErrorReason Reason, string? Provider, string? ReturnUrl, string Reference, string? Code = null)
{
    private const int ReferenceLength = 8;

    // Without letters and digits that look alike: people read it out over the phone.
    private const string ReferenceLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    public static string NewReference() => RandomNumberGenerator.GetString(ReferenceLetters, ReferenceLength);
}
