using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Keeps the nonce of a sign-in in its protected state, which the correlation cookie binds to the browser, instead of a long cookie for each: abandoned
/// sign-ins would fill the request header of every later one.
/// </summary>
internal static class FlowNonce
{
    private const string Key = "blazorauth.nonce";

    /// <summary>Moves the nonce of the request from its cookie to the state.</summary>
    public static void Keep(RedirectContext context)
    {
        if (context.Options.ProtocolValidator is not Validator || string.IsNullOrEmpty(context.ProtocolMessage.Nonce))
        {
            return;
        }

        // Shorter than the platform's, which also contains the time.
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        context.ProtocolMessage.Nonce = nonce;

        context.Properties.Items[Key] = nonce;
        var headers = context.Response.Headers;
        headers.SetCookie = new StringValues(
            [.. headers.SetCookie.Where(cookie => cookie?.StartsWith(context.Options.NonceCookie.Name!, StringComparison.Ordinal) != true)]);
    }

    /// <summary>Whether the id token answers the request that this state began.</summary>
    public static bool Fits(AuthenticationProperties? properties, string? nonce)
    {
        if (properties?.Items.TryGetValue(Key, out var expected) != true || expected is null)
        {
            return true;
        }

        properties.Items.Remove(Key);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(nonce ?? ""));
    }

    /// <summary>The platform's validator, without the look at a cookie that is not there: <see cref="Fits"/> takes its place.</summary>
    public sealed class Validator : OpenIdConnectProtocolValidator
    {
        public Validator()
        {
            RequireStateValidation = false;
            NonceLifetime = TimeSpan.FromMinutes(15);
        }

        protected override void ValidateNonce(OpenIdConnectProtocolValidationContext validationContext)
        {
        }
    }
}
