using BlazorAuth.Providers.Backchannel;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Checks id tokens with the platform's own handler, and stricter than it: every token is signed, also one from the token endpoint; an algorithm with
/// a shared secret only where it was agreed on; a key that is not known is looked for at once.
/// </summary>
internal sealed class IdTokenHandler(TokenHandler inner, IdTokenRules rules) : TokenHandler
{
    public override SecurityToken ReadToken(string token) => inner.ReadToken(token);

    public override Task<TokenValidationResult> ValidateTokenAsync(SecurityToken token, TokenValidationParameters validationParameters) =>
        inner.ValidateTokenAsync(token, validationParameters);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        try
        {
            return await CheckAsync(token, validationParameters);
        }
        catch (ProviderAnswerException exception)
        {
            return new TokenValidationResult { IsValid = false, Exception = new SecurityTokenException(exception.Message) };
        }
    }

    private async Task<TokenValidationResult> CheckAsync(string text, TokenValidationParameters parameters)
    {
        var discovery = await rules.DiscoveryAsync();
        if (IdToken.Read(text) is not { } token)
        {
            throw IdTokenRules.Refuse("The provider's response contains no id token.");
        }

        if (!token.IsSigned)
        {
            throw IdTokenRules.Refuse("The id token is not signed.", "the signing algorithm of the client at the provider (RS256 or ES256)");
        }

        var checkedBy = rules.For(token, parameters.Clone(), discovery);
        var result = await ValidateAsync(token, checkedBy);
        if (result.Exception is SecurityTokenInvalidSignatureException && !IdTokenRules.IsShared(token.Algorithm)
            && discovery is not null && await rules.LookForKeyAsync(token, discovery) is { } newer)
        {
            checkedBy.IssuerSigningKeys = newer.SigningKeys;
            result = await ValidateAsync(token, checkedBy);
        }

        rules.CheckTenant(result);
        rules.Note(token, result, discovery);
        return result;
    }

    private Task<TokenValidationResult> ValidateAsync(IdToken token, TokenValidationParameters parameters)
    {
        if (token.WithWholeCharacters() is not { } readable)
        {
            return inner.ValidateTokenAsync(token.Text, parameters);
        }

        var once = parameters.Clone();
        once.SignatureValidator = (_, by) => Signature.FittingKey(token, by) is { } key
            ? new JsonWebToken(readable) { SigningKey = key }
            : throw new SecurityTokenInvalidSignatureException("The signature of the id token does not match.");
        return inner.ValidateTokenAsync(readable, once);
    }

    // Only for a token whose claims the platform's reader cannot read: every other is checked by its own handler.
    private static class Signature
    {
        public static SecurityKey? FittingKey(IdToken token, TokenValidationParameters parameters)
        {
            var keys = (parameters.IssuerSigningKeys ?? []).Concat(parameters.IssuerSigningKey is { } one ? [one] : []);
            var signed = System.Text.Encoding.ASCII.GetBytes(token.SignedPart);
            return !parameters.ValidAlgorithms.Contains(token.Algorithm) ? null : keys
                .Where(key => token.KeyId.Length == 0 || string.IsNullOrEmpty(key.KeyId) || key.KeyId == token.KeyId)
                .FirstOrDefault(key => Fits(key, token, signed));
        }

        private static bool Fits(SecurityKey key, IdToken token, byte[] signed)
        {
            var factory = key.CryptoProviderFactory;
            if (!factory.IsSupportedAlgorithm(token.Algorithm, key))
            {
                return false;
            }

            var provider = factory.CreateForVerifying(key, token.Algorithm);
            try
            {
                return provider.Verify(signed, token.Signature);
            }
            finally
            {
                factory.ReleaseSignatureProvider(provider);
            }
        }
    }
}
