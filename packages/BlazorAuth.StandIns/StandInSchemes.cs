using Microsoft.Extensions.Configuration;

namespace BlazorAuth.StandIns;

/// <summary>What names the client of a scheme, in the convention of Auth.js and in its twin.</summary>
internal static class StandInSchemes
{
    public static string Variable(string scheme, string what) => $"AUTH_{scheme.ToUpperInvariant().Replace('-', '_')}_{what}";

    public static bool HasClient(this IConfiguration configuration, string scheme, string what) =>
        !string.IsNullOrEmpty(configuration[Variable(scheme, what)]) || !string.IsNullOrEmpty(configuration[$"Auth:{scheme}:{what}"]);
}
