namespace BlazorAuth.Stores;

/// <summary>Which store, and where: the value of <c>AUTH_STORE</c>. An address may contain a password, so nothing here prints one.</summary>
/// <param name="Factory">Which store.</param>
/// <param name="Value">What follows the scheme: a path, a connection string.</param>
internal sealed record StoreAddress(ISessionStoreFactory Factory, string Value)
{
    public override string ToString() => Factory.Scheme;
}
