namespace BlazorAuth.Tests.Import;

/// <summary>What the tests of the import have in common.</summary>
internal static class ImportSteps
{
    public static AccountManager Manager(AuthApp app) => app.Services.GetRequiredService<AccountManager>();

    public static ImportedUser User(string id, params (string Provider, string Subject)[] accounts) =>
        new() { Id = id, Name = "Ada", Accounts = [.. accounts.Select(account => new ImportedAccount(account.Provider, account.Subject))] };

    public static Task<ImportReport> ImportAsync(AuthApp app, params ImportedUser[] users) => ImportAsync(app, new(), users);

    public static Task<ImportReport> ImportAsync(AuthApp app, ImportOptions options, params ImportedUser[] users) =>
        app.Services.GetRequiredService<AccountImport>().RunAsync(users.ToAsyncEnumerable(), options, TestContext.Current.CancellationToken);
}
