namespace BlazorAuth.Accounts;

internal static class AccountLinking
{
    /// <summary>Links an account to a user, and tells log, pages and app if it was not linked before.</summary>
    public static async Task<LinkResult> LinkAsync(
        this IAccountStore store, AccountRecord account, AccountNews news, IServiceProvider services, CancellationToken cancellationToken)
    {
        var result = await store.LinkAsync(account, cancellationToken);
        if (result == LinkResult.Linked)
        {
            await news.AccountLinkedAsync(account, services);
        }

        return result;
    }
}
