using BlazorAuth.Testing;

namespace BlazorAuth.Tests.Accounts;

public sealed class MemoryAccountStoreTests : AccountStoreContract
{
    private readonly MemoryAccountStore _store;

    public MemoryAccountStoreTests() => _store = new MemoryAccountStore(Clock);

    protected override IAccountStore Store => _store;
}
