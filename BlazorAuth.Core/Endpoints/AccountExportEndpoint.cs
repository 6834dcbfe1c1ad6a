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

    public static async Task<IResult> HandleAsync(AuthRequest request, IAccountAuthority authority, IServiceProvider services, Refusals refusals, FreshCheck fresh) =>
        authority is not StoredAccounts
            ? refusals.NothingHere(request)
            : await fresh.RunAsync(request, request.Address.Absolute(AuthPaths.Account("")), session => ExportAsync(request, services, refusals, session));

    private static async Task<IResult> ExportAsync(AuthRequest request, IServiceProvider services, Refusals refusals, Session session)
    {
        var export = await services.GetRequiredService<AccountManager>().ExportAsync(session.User.Id, request.Cancelled);
        return export is null
            ? refusals.NothingHere(request)
            : Results.File(Encoding.UTF8.GetBytes(export.ToJsonString(AuthJson.Indented)), "application/json", FileName);
    }
}
