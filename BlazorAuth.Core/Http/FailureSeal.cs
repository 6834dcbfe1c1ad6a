using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>
/// Distinguishes an address of the error or sign-in page that this app made from a made-up one: only the former names a reference that is in the log,
/// and a status. It is short, and holds whatever node made it.
/// </summary>
internal sealed class FailureSeal(IOptions<AuthOptions> options)
{
    public const string Parameter = "seal";

    private const int Bytes = 12;

    private readonly byte[][] _keys =
    [
        .. options.Value.Secrets.Select(secret => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "blazorauth.failure"u8.ToArray())),
    ];

    public string Of(string code, AuthFailure failure) => Of(_keys[0], code, failure);

    public bool Holds(string? seal, string code, AuthFailure failure) => seal is not null && _keys.Any(key =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(Of(key, code, failure))));

    /// <summary>The reference that the request's address names; empty unless this app put it there.</summary>
    public string ReferenceIn(AuthRequest request, string code) =>
        ReferenceIn(code, request.Query("reason"), request.Query("reference"), request.Query(Parameter));

    /// <summary>Whether this app wrote the request's address, with a reference or without one.</summary>
    public bool Wrote(AuthRequest request, string code) => Holds(
        request.Query(Parameter), code, new AuthFailure(AuthError.ReasonOf(code, request.Query("reason")), null, null, request.Query("reference") ?? ""));

    /// <summary>The reference of an address with these parameters; empty unless this app made it.</summary>
    public string ReferenceIn(string code, string? reason, string? reference, string? seal) =>
        reference is not null && Holds(seal, code, new AuthFailure(AuthError.ReasonOf(code, reason), null, null, reference)) ? reference : "";

    private static string Of(byte[] key, string code, AuthFailure failure) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{code}\n{failure.Reason}\n{failure.Reference}")).AsSpan(0, Bytes));
}
