using System.Globalization;
using System.Security.Claims;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Identity;

/// <summary>
/// Flows that Identity's pages began: who came is handed to them in the cookie that they expect, and they sign in, register or link. The name of the login provider
/// in the protected state distinguishes such a flow from BlazorAuth's own.
/// </summary>
internal sealed class IdentityFlows : IForeignFlows
{
    /// <summary>Where Identity notes in the protected state which provider was chosen on its pages.</summary>
    public const string LoginProviderKey = "LoginProvider";

    private const string AskedKey = "blazorauth.asked";

    private static readonly (string Type, string Other)[] Names =
    [
        (ClaimTypes.NameIdentifier, AuthClaims.Subject), (ClaimTypes.Name, AuthClaims.Name), (ClaimTypes.Email, AuthClaims.Email),
    ];

    public bool Owns(AuthenticationProperties? properties) => properties?.Items.ContainsKey(LoginProviderKey) == true;

    /// <summary>What a cookie that was handed over says of when the provider asked the person: null where BlazorAuth has handed nothing over.</summary>
    public static ProviderProof? ProofIn(AuthenticationProperties properties) => properties.GetString(AskedKey) is { } asked
        ? new ProviderProof(long.TryParse(asked, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null)
        : null;

    public async Task FinishAsync(string scheme, TicketReceivedContext context, DateTimeOffset? askedAt, string returnUrl)
    {
        var properties = context.Properties!;

        // The scheme that responded counts, regardless of the name that the flow started with: the login that is looked up or linked belongs to it.
        properties.Items[LoginProviderKey] = scheme;
        properties.Items[AskedKey] = askedAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";
        await context.HttpContext.SignInAsync(IdentityConstants.ExternalScheme, WithUsualNames(context), properties);
        context.Response.Redirect(returnUrl);
        context.HandleResponse();
    }

    // Identity's pages look for the long claim names, which BlazorAuth's providers do not use.
    private static ClaimsPrincipal WithUsualNames(TicketReceivedContext context)
    {
        var copy = context.Principal!.Clone();
        var answer = ProviderAnswer.Of(context.HttpContext);
        if (answer.IsOfManyIssuers && ProviderIdentity.Subject(copy) is { } subject)
        {
            // What they look a login up by.
            foreach (var claim in copy.FindAll(ClaimTypes.NameIdentifier).ToList())
            {
                claim.Subject!.RemoveClaim(claim);
            }

            copy.Identities.First().AddClaim(new Claim(
                ClaimTypes.NameIdentifier, LoginKey.Of(answer.Issuer ?? subject.Issuer, subject.Value, isOfManyIssuers: true), subject.ValueType, subject.Issuer));
        }

        foreach (var (type, other) in Names)
        {
            if (copy.FindFirst(type) is null && copy.FindFirst(other) is { } claim)
            {
                copy.Identities.First().AddClaim(new Claim(type, claim.Value, claim.ValueType, claim.Issuer));
            }
        }

        return copy;
    }
}

/// <summary>What a provider's answer proves.</summary>
/// <param name="AskedAt">When it asked the person; null if it did not say.</param>
internal sealed record ProviderProof(DateTimeOffset? AskedAt);
