using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Providers;

/// <summary>Flows that somebody else began and ends: what the provider answered is handed over, and nobody is signed in here.</summary>
internal interface IForeignFlows
{
    bool Owns(AuthenticationProperties? properties);

    /// <summary>Hands over who came, and when the provider asked them (null: unknown), and sends them on.</summary>
    Task FinishAsync(string scheme, TicketReceivedContext context, DateTimeOffset? askedAt, string returnUrl);
}

/// <summary>All flows are BlazorAuth's own.</summary>
internal sealed class NoForeignFlows : IForeignFlows
{
    public bool Owns(AuthenticationProperties? properties) => false;

    public Task FinishAsync(string scheme, TicketReceivedContext context, DateTimeOffset? askedAt, string returnUrl) =>
        throw new InvalidOperationException("No flow is somebody else's.");
}
