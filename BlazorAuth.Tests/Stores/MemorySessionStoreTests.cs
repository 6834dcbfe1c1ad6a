using BlazorAuth.Testing;

namespace BlazorAuth.Tests.Stores;

public sealed class MemorySessionStoreTests : SessionStoreContract
{
    private readonly MemorySessionStore _store;

    public MemorySessionStoreTests() => _store = new MemorySessionStore(Clock);

    protected override ISessionStore Store => _store;

    protected override IProtectionKeyStore Keys => _store;
}
