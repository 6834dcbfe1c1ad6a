using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>In place of an authenticator and its signature; what is around it is Identity's.</summary>
internal sealed class AdasPasskey(UserManager<IdentityUser> users) : IPasskeyHandler<IdentityUser>
{
    public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(PasskeyUserEntity userEntity, HttpContext httpContext) => throw new NotSupportedException();

    public Task<PasskeyAttestationResult> PerformAttestationAsync(PasskeyAttestationContext context) => throw new NotSupportedException();

    public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(IdentityUser? user, HttpContext httpContext) =>
        Task.FromResult(new PasskeyRequestOptionsResult { RequestOptionsJson = "{}", AssertionState = "challenge" });

    public async Task<PasskeyAssertionResult<IdentityUser>> PerformAssertionAsync(PasskeyAssertionContext context)
    {
        Assert.Equal("challenge", context.AssertionState);
        return PasskeyAssertionResult.Success(
            new UserPasskeyInfo([1], [2], DateTimeOffset.UnixEpoch, 0, null, true, false, false, [3], [4]), (await users.FindByEmailAsync("ada@example.com"))!);
    }
}
