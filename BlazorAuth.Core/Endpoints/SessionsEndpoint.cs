using System.Globalization;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET sessions</c>: the devices on which a person is signed in.</summary>
internal sealed class SessionsEndpoint(
    AuthProviderRegistry providers,
    SessionManager sessions,
    ContractCookies cookies,
    PageContextFactory contexts,
    PageResult page,
    PageAddresses addresses,
    IOptions<AuthOptions> options,
    SharedClock clock,
    ILogger<SessionsEndpoint> logger)
{
    public static Task<IResult> ShowAsync(AuthRequest request, SessionsEndpoint endpoint) => endpoint.ShowAsync(request);

    // Only state what is still true: someone may have saved or shared the link.
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(5);

    /// <summary>Back to the page, which says what was done: <c>one</c>, <c>others</c>, or <c>gone</c> when there was nothing to sign out.</summary>
    public static IResult Done(AuthRequest request, string what, string? sessionId = null) =>
        AuthAnswer.Redirect(request, PageAddresses.With(request.Address.Absolute(AuthPaths.Sessions("")), ("done", what), ("session", sessionId)));

    private async Task<IResult> ShowAsync(AuthRequest request)
    {
        cookies.Prepare(request);
        if (options.Value.Pages.Sessions is { } own)
        {
            return AuthAnswer.Redirect(request, request.Address.PathBase + own);
        }

        if (await request.Http.CurrentTicketAsync() is not { Session: { } session })
        {
            return AuthAnswer.Redirect(request, addresses.SignIn(request.Address, request.Address.Absolute(AuthPaths.Sessions(""))));
        }

        var context = contexts.Of(request);
        var after = DevicePlace.Parse(request.Query("after"), session);
        var (devices, next) = await DevicesAsync(request, session, after, context.Texts);
        var most = options.Value.Session.MostPerUser;
        return page.Of<SessionsPageModel, SessionsPage>(
            request, devices is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, new SessionsPageModel
            {
                Page = context,
                Devices = devices,
                Next = next,
                IsLaterPage = after is not null,
                Limit = most > 0 && devices?.Count >= most ? most : null,
                Result = request.Query("done") switch
                {
                    "one" => await EndedAsync(request, session, context.Texts),
                    "others" => context.Texts["Sessions.DoneOthers"],
                    "gone" => context.Texts["Sessions.DoneGone"],
                    _ => null,
                },
            });
    }

    /// <summary>Which device was just signed out, in words; null when the address names none that was.</summary>
    private async Task<string?> EndedAsync(AuthRequest request, Session current, AuthTexts texts)
    {
        try
        {
            var ended = request.Query("session") is { } id ? (await sessions.FindAsync(id, request.Cancelled))?.Record : null;
            return ended is null || ended.UserId != current.User.Id || ended.RevokedAt is not { } at || clock.GetUtcNow() - at > JustNow ? null
                : ended.Device is null ? texts["Sessions.DoneUnnamed"]
                : texts["Sessions.DoneOne", DeviceText.Of(ended.Device, texts)];
        }
        catch (SessionStoreException exception)
        {
            logger.DevicesUnreadable(exception);
            return null;
        }
    }

    /// <summary>The devices, this one first, and the address of those after them; null when the store does not answer.</summary>
    private async Task<(List<DeviceSession>? Devices, string? Next)> DevicesAsync(AuthRequest request, Session current, Session? after, AuthTexts texts)
    {
        try
        {
            var names = await providers.NamesAsync();
            var list = after is null
                ? await sessions.ListAsync(current, request.Cancelled)
                : await sessions.ListAfterAsync(after, current, request.Cancelled);
            var devices = list.Select(session => new DeviceSession(
                    session,
                    DeviceText.Of(session.Device, texts),
                    names.GetValueOrDefault(session.Provider, session.Provider),
                    session.IsCurrent))
                .OrderByDescending(device => device.IsCurrent);
            return ([.. devices], list.Count < SessionManager.PageSize ? null : PageAddresses.With(
                request.Address.Absolute(AuthPaths.Sessions("")), ("after", DevicePlace.Of(list[^1]))));
        }
        catch (SessionStoreException exception)
        {
            logger.DevicesUnreadable(exception);
            return (null, null);
        }
    }
}

/// <summary>The place of a device in the list of all of them, as an address names it: when it was last seen, and its session's id.</summary>
internal static class DevicePlace
{
    public static string Of(Session session) => string.Create(CultureInfo.InvariantCulture, $"{session.LastSeenAt.ToUnixTimeMilliseconds()}.{session.Id}");

    /// <summary>The place as a session of the person who asks; null when the text names none.</summary>
    public static Session? Parse(string? text, Session current)
    {
        var parts = text?.Split('.', 2) ?? [];
        if (parts.Length < 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > 253_402_300_799_999)
        {
            return null;
        }

        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return new() { Id = parts[1], User = current.User, Provider = current.Provider, CreatedAt = time, LastSeenAt = time, ExpiresAt = time };
    }
}
