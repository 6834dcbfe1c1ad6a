using System.Text.Json.Nodes;

namespace BlazorAuth;

/// <content>Exports a user's data.</content>
public sealed partial class AccountManager
{
    private const int MostHistoryPages = 10;

    /// <summary>
    /// Everything that BlazorAuth keeps about a user: profile, accounts and the last thousand sessions; <see langword="null"/> if there is no such
    /// user. Add the app's own data, and offer the result for download. The reason for a ban is left out: it is for administrators.
    /// </summary>
    public async Task<JsonObject?> ExportAsync(string userId, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(userId, cancellationToken) is not { } user)
        {
            return null;
        }

        var accounts = await ListAccountsAsync(userId, cancellationToken);
        var sessions = new JsonArray();
        SessionRecord? last = null;
        for (var page = 0; page < MostHistoryPages && (page == 0 || last is not null); page++)
        {
            var records = await _sessions.ListHistoryAsync(userId, PageSize, cancellationToken, last);
            foreach (var record in records)
            {
                sessions.Add(ToJson(record));
            }

            last = records.Count < PageSize ? null : records[^1];
        }

        return new JsonObject { ["user"] = ToJson(user), ["accounts"] = new JsonArray([.. accounts.Select(ToJson)]), ["sessions"] = sessions };
    }

    private static JsonObject ToJson(UserRecord user) => new()
    {
        ["id"] = user.Id, ["name"] = user.Name, ["email"] = user.Email, ["emailVerifiedAt"] = user.EmailVerifiedAt, ["image"] = user.Image,
        ["createdAt"] = user.CreatedAt, ["lastSeenAt"] = user.LastSeenAt, ["bannedUntil"] = user.BannedUntil,
    };

    private static JsonObject ToJson(AccountRecord account) => new()
    {
        ["provider"] = account.Provider, ["issuer"] = account.Issuer, ["subject"] = account.Subject, ["linkedAt"] = account.LinkedAt,
        ["lastUsedAt"] = account.LastUsedAt,
    };

    private JsonObject ToJson(SessionRecord record) => new()
    {
        ["id"] = record.Id, ["provider"] = record.Provider, ["device"] = record.Device, ["createdAt"] = record.CreatedAt, ["lastSeenAt"] = record.LastSeenAt,
        ["expiresAt"] = record.ExpiresAt, ["revokedAt"] = record.RevokedAt, ["claims"] = _sessions.ClaimsOf(record),
    };
}
