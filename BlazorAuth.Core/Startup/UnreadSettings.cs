using BlazorAuth.Configuration;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Warns of settings that nothing reads: a name that was misspelt changes nothing, and nobody would find out.</summary>
internal sealed class UnreadSettings(
    AuthEnvironment environment, IConfiguration configuration, IAuthenticationSchemeProvider schemes, IOptions<AuthOptions> options, ILogger<UnreadSettings> logger) : LifecycleService
{
    // Settings that the app itself reads.
    private static readonly string[] Others = ["AUTH_STAND_INS", "Auth:StandIns"];

    // Read only if code sets no secrets. Code may also pass them on itself.
    private static readonly string[] Secrets = ["AUTH_SECRET", "AUTH_SECRET_1", "AUTH_SECRET_2", "AUTH_SECRET_3", "Auth:Secret"];

    /// <summary>When everything has started, and so has read what it reads.</summary>
    public override async Task StartedAsync(CancellationToken cancellationToken)
    {
        var known = await KnownAsync();
        foreach (var name in environment.Set().Where(name => !IsKnown(name, known)).Order(StringComparer.Ordinal))
        {
            if (IsSecret(name))
            {
                logger.SecretUnused(Printable(name));
            }
            else if (Nearest(name, known) is { } meant)
            {
                logger.SettingMisspelt(Printable(name), meant);
            }
            else
            {
                logger.SettingUnread(Printable(name));
            }
        }
    }

    private async Task<HashSet<string>> KnownAsync()
    {
        var known = new HashSet<string>(environment.Read, StringComparer.OrdinalIgnoreCase);
        known.UnionWith(Others);
        known.UnionWith(Secrets);
        foreach (var setting in OptionSetting.All)
        {
            known.Add(AuthEnvironment.Prefix + setting.Variable);
            known.Add($"{AuthEnvironment.Section}:{setting.Path}");
        }

        // Only suggest settings that the app's providers read, not those for other kinds of handler.
        foreach (var scheme in await schemes.GetAllSchemesAsync())
        {
            if (RemoteScheme.OptionsType(scheme.HandlerType) is { } options)
            {
                var id = AuthProviderRegistry.IdOf(scheme.Name);
                known.UnionWith(ProviderSettings.NamesFor(options).Select(name => AuthEnvironment.Variable(id, name)));
            }
        }

        return known;
    }

    private bool IsKnown(string name, HashSet<string> known) =>
        IsSecret(name) ? IsUsed(name) : known.Contains(name) || OptionSetting.All.Any(setting =>
            (setting.IsList || setting.IsMap) && name.StartsWith($"{AuthEnvironment.Section}:{setting.Path}:", StringComparison.OrdinalIgnoreCase));

    private static bool IsSecret(string name) => Secrets.Contains(name, StringComparer.OrdinalIgnoreCase);

    // A variable takes precedence over its twin, as everywhere: that is no mistake.
    private bool IsUsed(string name) => (configuration[name] is { } secret && options.Value.Secrets.Contains(secret))
        || (name.Contains(':', StringComparison.Ordinal) && configuration["AUTH_SECRET"] is not null);

    private static string? Nearest(string name, HashSet<string> known) => known
        .Where(other => other.Contains(':', StringComparison.Ordinal) == name.Contains(':', StringComparison.Ordinal))
        .Select(other => (Name: other, Distance: Forms(name).Min(form => Distance(form, other.ToUpperInvariant()))))
        .Where(other => other.Distance <= 3)
        .OrderBy(other => other.Distance).ThenBy(other => other.Name, StringComparer.Ordinal)
        .Select(other => other.Name)
        .FirstOrDefault();

    // Other libraries say AUTH_GOOGLE_CLIENT_ID.
    private static IEnumerable<string> Forms(string name) => [name.ToUpperInvariant(), name.ToUpperInvariant().Replace("CLIENT_", "", StringComparison.Ordinal).Replace(":CLIENT", ":", StringComparison.Ordinal)];

    // How many letters have to be added, removed or changed.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (corner, left) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
            {
                left = Math.Min(Math.Min(row[j], left) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1));
                (corner, row[j]) = (row[j], left);
            }
        }

        return row[other.Length];
    }

    private static string Printable(string name) =>
        new([.. name.Take(100).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' ? c : '?')]);
}
