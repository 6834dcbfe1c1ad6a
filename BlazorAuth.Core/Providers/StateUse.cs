using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>
/// An answer counts once, on all nodes. The handlers delete their correlation cookie with the first answer, which the second does not wait for; and a provider may
/// redeem a code as often as it is asked.
/// </summary>
internal sealed class StateUse(ISessionStore store, StoreState health, FlowReturns returns, CallbackFailures failures, SharedClock clock)
{
    // Where the platform's handlers keep it in the state, and what their cookie says.
    private const string CorrelationKey = ".xsrf";
    private const string CorrelationValue = "N";

    // A session knows no fractions of them.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // The nodes' clocks differ.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Where an answer leads that does not count; null when it does, or the handler says why not. Asked before the code is redeemed. Nothing is written for strangers:
    /// without the cookie of the sign-in an answer is none.
    /// </summary>
    public async Task<string?> RefusalAsync(AuthRequest request, AuthProvider provider, AuthenticationProperties state)
    {
        var isOver = SignInFlow.Started(state) + provider.Options!.RemoteAuthenticationTimeout <= clock.GetUtcNow();
        var isOurs = !isOver && HasCorrelation(request.Http, provider.Options, state);
        if (isOurs && await TryUseAsync(request.Http, provider.Options, state))
        {
            return null;
        }

        return await ReturnAsync(request, state, state.RedirectUri)
            ?? (isOurs ? Report(AuthErrorReason.AlreadyUsed) : isOver ? Report(AuthErrorReason.Expired) : null);

        string Report(AuthErrorReason reason) => failures.Report(request, provider.Id, AuthError.Configuration, reason, exception: null, state);
    }

    /// <summary>The same for a scheme whose state only its own handler finds, once it has; where the state was looked at before, that counts.</summary>
    public async Task<string?> RefusalAsync(AuthRequest request, string provider, TicketReceivedContext context) =>
        request.Http.Features.Get<Used>() is not null || context.Properties is not { } state || await TryUseAsync(request.Http, context.Options, state)
            ? null
            : await ReturnAsync(request, state, context.ReturnUri)
                ?? failures.Report(request, provider, AuthError.Configuration, AuthErrorReason.AlreadyUsed, exception: null, state);

    private static bool HasCorrelation(HttpContext http, RemoteAuthenticationOptions scheme, AuthenticationProperties state) =>
        state.Items.TryGetValue(CorrelationKey, out var id) && http.Request.Cookies[scheme.CorrelationCookie.Name + id] == CorrelationValue;

    private async Task<bool> TryUseAsync(HttpContext http, RemoteAuthenticationOptions scheme, AuthenticationProperties state)
    {
        if (SignInFlow.Id(state) is not { } id
            || !await health.WriteSignInAsync(() => store.TryUseAsync("state " + id, clock.GetUtcNow() + scheme.RemoteAuthenticationTimeout + Margin, http.RequestAborted)))
        {
            return false;
        }

        http.Features.Set(new Used());
        return true;
    }

    /// <summary>Where a person goes whom the first response already signed in, as after Back or a double click; null when they are not signed in.</summary>
    private async Task<string?> ReturnAsync(AuthRequest request, AuthenticationProperties state, string? address) =>
        await request.Http.CurrentTicketAsync() is { } ticket && ticket.SignedInAt + Second > SignInFlow.Started(state)
            ? (returns.Of(request, state, address) ?? request.ReturnUrl).Text
            : null;

    /// <summary>Says that this request is the first with its state.</summary>
    private sealed class Used;
}
