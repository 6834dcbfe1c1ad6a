namespace BlazorAuth.Stores.Memory;

/// <summary><c>AUTH_STORE=memory</c>: sessions and users end with the process.</summary>
internal sealed class MemoryStoreFactory : ISessionStoreFactory
{
    public string Scheme => "memory";

    public string Example => "";

    public string? Check(string address) => null;

    public ISessionStore Create(string address, TimeProvider clock) => new MemorySessionStore(clock);

    public IAccountStore CreateAccountStore(string address, TimeProvider clock) => new MemoryAccountStore(clock);
}
