using System.Transactions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

/// <summary>The security stamps in Identity's database.</summary>
internal interface IStoredStamps
{
    /// <summary>The stamp of a user; null if it cannot be read, or there is none.</summary>
    Task<string?> FindAsync(string userId, CancellationToken cancellationToken);
}

/// <summary>
/// Reads past what the request has in its hands: its own user store remembers the user with the new stamp, and its transaction, if there is one, does not concern what
/// was true before.
/// </summary>
internal sealed class StampReader<TUser>(IServiceScopeFactory scopes, TimeProvider clock, ILogger<StampReader<TUser>> logger) : IStoredStamps
    where TUser : class
{
    // A transaction of the request may have locked the user: it waits for this.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    public async Task<string?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        using var longest = new CancellationTokenSource(LongestWait, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token);
        try
        {
            using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            await using var scope = scopes.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
            return users is IUserSecurityStampStore<TUser> stamps && await users.FindByIdAsync(userId, limit.Token) is { } user
                ? await stamps.GetSecurityStampAsync(user, limit.Token)
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.StampNotRead(exception, userId);
            return null;
        }
    }
}
