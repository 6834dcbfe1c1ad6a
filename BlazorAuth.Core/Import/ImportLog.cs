using Microsoft.Extensions.Logging;

namespace BlazorAuth.Import;

internal static partial class ImportLog
{
    [LoggerMessage(730, LogLevel.Information, "Imported: {Users} users read, {Created} created, {Accounts} accounts linked, {Conflicts} conflicts.", EventName = "UsersImported")]
    public static partial void Imported(this ILogger logger, long users, long created, long accounts, long conflicts);

    [LoggerMessage(731, LogLevel.Warning, "Import of user {UserId}, {Provider}: {Reason}.", EventName = "ImportConflict")]
    public static partial void ImportConflict(this ILogger logger, string userId, string? provider, ImportConflictReason reason);

    [LoggerMessage(732, LogLevel.Error, "Accounts are not imported: {Problem}.", EventName = "ImportIssuerDoubtful")]
    public static partial void IssuerDoubtful(this ILogger logger, string problem);
}
