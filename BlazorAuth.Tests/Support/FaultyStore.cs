using System.Reflection;

namespace BlazorAuth.Tests;

/// <summary>A session store some of whose members cannot be used; the others are a real store's.</summary>
public class FaultyStore : DispatchProxy
{
    private ISessionStore _store = null!;
    private string[] _faults = [];

    /// <summary>Puts it into an app. The members named fail as a store does that cannot be reached.</summary>
    internal static void AddTo(AuthAppSetup setup, params string[] faults)
    {
        var store = new MemorySessionStore(setup.Clock);
        var faulty = Create<ISessionStore, FaultyStore>();
        (((FaultyStore)(object)faulty)._store, ((FaultyStore)(object)faulty)._faults) = (store, faults);
        setup.Settings["AUTH_ACCOUNTS"] = "memory";
        setup.Services += services => services.AddSingleton(faulty).AddSingleton<IProtectionKeyStore>(store);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _faults.Contains(targetMethod!.Name)
        ? throw new SessionStoreException("The store of the tests cannot be reached.")
        : targetMethod.Invoke(_store, args);
}
