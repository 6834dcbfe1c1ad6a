using BlazorAuth.Stores;
using BlazorAuth.Sync;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Makes the session store: the one that the app set in code, or the one that <c>AUTH_STORE</c> names.</summary>
internal sealed class StoreFactory(IOptions<AuthOptions> options, StoreSchemes schemes, SharedClock clock)
{
    public ISessionStore Create() => schemes.TryParse(options.Value.Store, out var address, out var error)
        ? address.Factory.Create(address.Value, clock)
        : throw new AuthSetupException(error);

    public ISessionStore Create<TFactory>(string address)
        where TFactory : ISessionStoreFactory
    {
        var factory = schemes.Of<TFactory>() ?? throw new AuthSetupException(
            $"The session store that {typeof(TFactory).Name} creates was set in code, but another factory has the same scheme. Remove one of the two.");
        return StoreSchemes.Check(factory, address) is { } problem ? throw new AuthSetupException(problem) : factory.Create(address, clock);
    }
}
