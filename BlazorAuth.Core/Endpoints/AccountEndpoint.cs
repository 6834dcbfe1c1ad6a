using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Sessions;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET account</c>: who is signed in, where the profile comes from, what happened lately.</summary>
internal sealed class AccountEndpoint(
    AuthProviderRegistry providers,
    IAccountAuthority authority,
    IServiceProvider services,
    SessionManager sessions,
    ContractCookies cookies,
    PageContextFactory contexts,
    PageResult page,
    PageAddresses addresses,
    ProfilePictures pictures,
    IOptions<AuthOptions> options,
    ILogger<AccountEndpoint> logger,
    LoginPage? login = null)
{
    private const int MostEvents = 10;

    public static Task<IResult> ShowAsync(AuthRequest request, AccountEndpoint endpoint) => endpoint.ShowAsync(request);

    private async Task<IResult> ShowAsync(AuthRequest request)
    {
        cookies.Prepare(request);
        if (options.Value.Pages.Account is { } own)
        {
            return AuthAnswer.Redirect(request, request.Address.PathBase + own);
        }

        if (await request.Http.CurrentTicketAsync() is not { Session: { } session })
        {
            return AuthAnswer.Redirect(request, addresses.SignIn(request.Address, request.Address.Absolute(AuthPaths.Account(""))));
        }

        var context = contexts.Of(request);
        var names = await providers.NamesAsync();
        var ways = await WaysAsync(request, session, names);
        var all = await providers.ListAsync();
        return page.Of<AccountPageModel, AccountPage>(request, StatusCodes.Status200OK, new AccountPageModel
        {
            Page = context,
            Session = session,
            Provider = names.GetValueOrDefault(session.Provider, session.Provider),
            IsFromProvider = login is null && await providers.FindAsync(session.Provider) is { Type: not AuthProviderType.Credentials },
            Events = await EventsAsync(request, session, names, context.Texts),
            Ways = ways,
            // Identity has a page of its own for that.
            Connectable = authority is NoAccounts || ways is null || login is not null
                ? []
                : [.. all.Where(provider => provider.Type != AuthProviderType.Credentials && (ways.Count == 0 ? provider.Id != session.Provider : ways.All(way => way.Provider != provider.Id)))],
            Picture = pictures.Of(session.User.Image),
            CanExport = authority is StoredAccounts,
            CanDelete = authority is StoredAccounts && options.Value.Accounts.AllowDeletion,
            Result = request.Query("done") switch
            {
                "connected" => context.Texts["Account.Connected"],
                "disconnected" => context.Texts["Account.Disconnected"],
                "last" => context.Texts["Account.LastWay"],
                _ => null,
            },
        }, pictures: pictures.Policy);
    }

    /// <summary>How the user can sign in, as the account store says; nothing where there is none, null when it does not answer.</summary>
    private async Task<List<AccountWay>?> WaysAsync(AuthRequest request, Session session, IReadOnlyDictionary<string, string> names)
    {
        if (authority is not StoredAccounts)
        {
            return [];
        }

        try
        {
            var accounts = await services.GetRequiredService<AccountManager>().ListAccountsAsync(session.User.Id, request.Cancelled);
            return [.. accounts.Select(account => new AccountWay(account.Provider, names.GetValueOrDefault(account.Provider, account.Provider), account.LastUsedAt)
            {
                // An account of the app's own comes back with the next sign-in; only the app can remove it.
                Account = accounts.Count > 1 && !WayIn.IsOfApp(account.Issuer) ? account.DefaultUserId : null,
            })];
        }
        catch (SessionStoreException exception)
        {
            logger.WaysUnreadable(exception);
            return null;
        }
    }

    /// <summary>What happened lately; null when the store does not answer.</summary>
    private async Task<List<AccountEvent>?> EventsAsync(AuthRequest request, Session session, IReadOnlyDictionary<string, string> names, AuthTexts texts)
    {
        try
        {
            return Events(await sessions.ListHistoryAsync(session.User.Id, MostEvents, request.Cancelled), names, texts);
        }
        catch (SessionStoreException exception)
        {
            logger.DevicesUnreadable(exception);
            return null;
        }
    }

    private static List<AccountEvent> Events(IReadOnlyList<SessionRecord> records, IReadOnlyDictionary<string, string> names, AuthTexts texts)
    {
        var events = new List<AccountEvent>();
        foreach (var record in records)
        {
            var device = DeviceText.Of(record.Device, texts);
            events.Add(new AccountEvent(record.CreatedAt, texts["Event.SignedIn", names.GetValueOrDefault(record.Provider, record.Provider)], device));
            // A replaced session continues in the sign-in after it.
            if (record is { RevokedAt: { } revokedAt, ReplacedBy: null })
            {
                events.Add(new AccountEvent(revokedAt, texts[record.RevokedFor == RevocationReason.TooMany ? "Event.TooMany" : "Event.SignedOut"], device) { IsSignOut = true });
            }
        }

        return [.. events.OrderByDescending(happened => happened.At).Take(MostEvents)];
    }
}
