using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Snippets;

internal static class Migrate
{
    public static async Task ImportAsync(WebApplication app, string query)
    {
        var import = app.Services.GetRequiredService<AccountImport>();
        await using var source = NpgsqlDataSource.Create("Host=…;Database=old");
        await using var command = source.CreateCommand(query);
        await using var rows = await command.ExecuteReaderAsync();
        var report = await import.RunAsync(rows);
        Console.WriteLine($"{report.Created} of {report.Users} users are new, {report.ConflictCount} conflicts");
    }

    public static void NextAuth4(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Session.AcceptNextAuth4Cookies = true);
    }
}
