using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Pages;

/// <summary>The pages of a signed-in person: the account, and the devices with a session.</summary>
internal sealed class AccountPages(
    AuthProviderRegistry providers, SessionManager sessions, PageContextFactory models, PageResult page, PageAddresses links, IOptions<AuthOptions> options, ILogger<AccountPages> logger)
{
    private const int MostEvents = 10;

    private readonly AuthPageOptions _pages = options.Value.Pages;

    public async Task<IResult> AccountAsync(AuthRequest request)
    {
        if (_pages.Account is { } own)
        {
            return AuthAnswer.Redirect(request, request.Address.PathBase + own);
        }

        if (await SessionAsync(request) is not { } session)
        {
            return ToSignIn(request, "account");
        }

        var model = models.Of(request);
        var names = await NamesAsync();
        return page.Of<AccountPageModel, AccountPage>(request, StatusCodes.Status200OK, new AccountPageModel
        {
            Page = model,
            Session = session,
            Provider = Name(names, session.Provider),
            Events = await OrNullAsync(async () => Events(await sessions.ListHistoryAsync(session.User.Id, MostEvents, request.Cancelled), names, model.Texts)),
        });
    }

    public async Task<IResult> SessionsAsync(AuthRequest request)
    {
        if (_pages.Sessions is { } own)
        {
            return AuthAnswer.Redirect(request, request.Address.PathBase + own);
        }

        if (await SessionAsync(request) is not { } session)
        {
            return ToSignIn(request, "sessions");
        }

        var model = models.Of(request);
        var names = await NamesAsync();
        var devices = await OrNullAsync(async () => Devices(await sessions.ListAsync(session.User.Id, request.Cancelled), session, names, model.Texts));
        return page.Of<SessionsPageModel, SessionsPage>(
            request, devices is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, new SessionsPageModel
            {
                Page = model,
                Devices = devices,
                Result = request.Query("done") switch
                {
                    "one" => model.Texts["Sessions.DoneOne"],
                    "others" => model.Texts["Sessions.DoneOthers"],
                    "gone" => model.Texts["Sessions.DoneGone"],
                    _ => null,
                },
            });
    }

    public static async Task<Session?> SessionAsync(AuthRequest request) =>
        SessionIdentity.Of((await request.Http.AuthenticateAsync(SessionIdentity.Scheme)).Principal)?.Session;

    public IResult ToSignIn(AuthRequest request, string page) =>
        AuthAnswer.Redirect(request, links.SignIn(request.Address, request.Address.Absolute($"{AuthPaths.Base}/{page}")));

    private static List<DeviceSession> Devices(
        IReadOnlyList<Session> list, Session current, Dictionary<string, string> names, AuthTexts texts) =>
        [.. list.Select(session => new DeviceSession(
                session, DeviceText.Of(session.Device, texts), Name(names, session.Provider), session.Id == current.Id))
            .OrderByDescending(device => device.IsCurrent)];

    private static List<AccountEvent> Events(IReadOnlyList<SessionRecord> records, Dictionary<string, string> names, AuthTexts texts)
    {
        var events = new List<AccountEvent>();
        foreach (var record in records)
        {
            var device = DeviceText.Of(record.Device, texts);
            events.Add(new AccountEvent(record.CreatedAt, texts["Event.SignedIn", Name(names, record.Provider)], device));
            if (record.RevokedAt is { } revokedAt)
            {
                events.Add(new AccountEvent(revokedAt, texts["Event.SignedOut"], device));
            }
        }

        return [.. events.OrderByDescending(happened => happened.At).Take(MostEvents)];
    }

    private async Task<Dictionary<string, string>> NamesAsync()
    {
        var list = await providers.ListAsync();
        return list.ToDictionary(provider => provider.Id, provider => provider.DisplayName, StringComparer.Ordinal);
    }

    // A provider that was removed from the app since: its id is all that is left.
    private static string Name(Dictionary<string, string> names, string provider) => names.GetValueOrDefault(provider, provider);

    private async Task<T?> OrNullAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (SessionStoreException exception)
        {
            logger.DevicesUnreadable(exception);
            return null;
        }
    }
}
