using System.Text;
using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST account/export</c>: all that is kept of the signed-in user, as a file.</summary>
internal static class AccountExportEndpoint
{
    private const string FileName = "account.json";

    public static async Task<IResult> HandleAsync(
        AuthRequest request, IAccountAuthority authority, IServiceProvider services, PageAddresses addresses, Refusals refusals, FreshCheck fresh)
    {
        if (authority is not StoredAccounts)
        {
            return refusals.NotFound(request, "There is nothing here.");
        }

        var back = request.Address.Absolute(AuthPaths.Account(""));
        if (await request.Http.CurrentTicketAsync() is not { Session: { } session })
        {
            return AuthAnswer.Redirect(request, addresses.SignIn(request.Address, back));
        }

        if (await fresh.AskAsync(request, session, back) is { } asked)
        {
            return asked;
        }

        var export = await services.GetRequiredService<AccountManager>().ExportAsync(session.User.Id, request.Cancelled);
        return export is null
            ? refusals.NotFound(request, "There is nothing here.")
            : Results.File(Encoding.UTF8.GetBytes(export.ToJsonString(AuthJson.Indented)), "application/json", FileName);
    }
}
