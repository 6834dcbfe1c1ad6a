using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>
/// Asks Identity about a session every <see cref="SecurityStampValidatorOptions.ValidationInterval"/>, as its own cookie does: whether the user is still there, and the
/// stamp is still the one they signed in with; and brings the session's claims up to date.
/// </summary>
internal sealed class StampChecks<TUser>(
    SessionManager sessions, IServiceScopeFactory scopes, IOptions<SecurityStampValidatorOptions> validation, IOptions<IdentityOptions> identity, SharedClock clock,
    ILogger<StampChecks<TUser>> logger) : IDisposable
    where TUser : class
{
    private const int MostRemembered = 100_000;
    private const int MostAsked = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    // Sessions beyond are asked about more often.
    private readonly MemoryCache _due = new(new MemoryCacheOptions { SizeLimit = MostRemembered, Clock = new CacheClock(clock) });

    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _asking = new(StringComparer.Ordinal);

    /// <summary>Whether the session may go on. What cannot be asked at the moment may: nobody is signed out because a database blinked.</summary>
    public async ValueTask<bool> MayGoOnAsync(Session session, CancellationToken cancellationToken)
    {
        var (interval, now) = (Interval, clock.GetUtcNow());
        if (!_due.TryGetValue(session.Id, out DateTimeOffset due))
        {
            // Another node may have renewed it ever since, and asked or not. When it began, its stamp was right.
            due = (session.CreatedAt < now ? session.CreatedAt : now) + interval;
        }

        return due > now || await _asking.GetOrAdd(session.Id, _ => new(() => AskOnceAsync(session, now, interval))).Value.WaitAsync(cancellationToken);
    }

    private TimeSpan Interval => validation.Value.ValidationInterval is var set && set > Longest ? Longest : set;

    public void Dispose() => _due.Dispose();

    private void Remember(string sessionId, DateTimeOffset due) =>
        _due.Set(sessionId, due, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Interval + Retry });

    /// <summary>Asks for all who wait: whoever gives up does not take the answer from the others.</summary>
    private async Task<bool> AskOnceAsync(Session session, DateTimeOffset now, TimeSpan interval)
    {
        try
        {
            if (!await AskAsync(session, CancellationToken.None))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            logger.StampNotChecked(exception, session.Id);
            interval = interval < Retry ? interval : Retry;
        }
        finally
        {
            _asking.TryRemove(session.Id, out _);
        }

        Remember(session.Id, now + interval);
        return true;
    }

    private async Task<bool> AskAsync(Session session, CancellationToken cancellationToken)
    {
        for (var asked = 0; asked < MostAsked; asked++)
        {
            if (await sessions.FindAsync(session.Id, cancellationToken) is not { Content: { } content } row)
            {
                return true;
            }

            await using var scope = scopes.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
            var user = await users.FindAsync(session.User.Id);
            var stamp = user is not null && users.SupportsUserSecurityStamp ? await users.GetSecurityStampAsync(user) : null;
            if (user is null || (content.Stamp is { } own && own.Value != stamp))
            {
                logger.StampChanged(session.Id);
                await EndAsync(session, cancellationToken);
                return false;
            }

            // What Identity grants by now: roles that were given or taken, a name that changed.
            var fresh = await ClaimsAsync(scope.ServiceProvider, users, user, row.Record.UserId);
            try
            {
                if (await sessions.StampAsync(row, IdentityClaims.StampOf(stamp, fresh), content => Refreshed(content, fresh), cancellationToken))
                {
                    return true;
                }
            }
            catch (ArgumentException exception)
            {
                // Whoever can fill a session up to its limit would keep what was taken away.
                logger.ClaimsDoNotFit(exception, session.Id);
                await EndAsync(session, cancellationToken);
                return false;
            }
        }

        throw new InvalidOperationException($"The stamp of session {session.Id} changed {MostAsked} times while it was checked.");
    }

    private async Task EndAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            await sessions.RevokeAsync(session.User.Id, session.Id, cancellationToken);
        }
        catch (SessionStoreException exception)
        {
            logger.OutdatedSessionNotEnded(exception, session.Id);
        }
    }

    private async Task<JsonObject> ClaimsAsync(IServiceProvider services, UserManager<TUser> users, TUser user, string id)
    {
        var types = identity.Value.ClaimsIdentity;
        var principal = await services.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>().CreateAsync(user);
        var described = IdentityClaims.UserOf(principal, id, users.SupportsUserEmail && await users.IsEmailConfirmedAsync(user), types);
        return IdentityClaims.Of(principal, described, types);
    }

    private static JsonObject Refreshed(RowContent content, JsonObject fresh)
    {
        var claims = content.Claims.DeepClone().AsObject();
        foreach (var name in content.Stamp?.Claims ?? [])
        {
            // Claims from the provider that Identity does not have are kept.
            if (!fresh.ContainsKey(name) && name is not (AuthClaims.Name or AuthClaims.Picture))
            {
                claims.Remove(name);
            }
        }

        foreach (var (name, value) in fresh)
        {
            claims[name] = value?.DeepClone();
        }

        return claims;
    }

    private sealed class CacheClock(TimeProvider clock) : ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}
