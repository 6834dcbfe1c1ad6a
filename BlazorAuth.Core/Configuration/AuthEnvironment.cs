using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Configuration;

/// <summary>Reads a setting by the name of its environment variable (<c>AUTH_GOOGLE_ID</c>) or of its twin in <c>appsettings</c> (<c>Auth:Google:Id</c>).</summary>
internal sealed class AuthEnvironment(IConfiguration configuration, IHostEnvironment host)
{
    public const string Prefix = "AUTH_";
    public const string Section = "Auth";

    private readonly ConcurrentDictionary<string, byte> _read = new(StringComparer.OrdinalIgnoreCase);

    public bool IsDevelopment => host.IsDevelopment();

    /// <summary>The names that something has asked for, set or not: whatever else is set, nothing reads.</summary>
    public ICollection<string> Read => _read.Keys;

    /// <summary>The names that are set: variables, and paths of the section.</summary>
    public IEnumerable<string> Set() => configuration.AsEnumerable()
        .Where(pair => !string.IsNullOrEmpty(pair.Value))
        .Select(pair => pair.Key)
        .Where(key => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || key.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>The value of <c>AUTH_{name}</c>, else of its twin; an empty value counts as unset.</summary>
    public string? Get(string name) => First(Prefix + name, $"{Section}:{Pascal(name)}");

    /// <summary>The value of <c>AUTH_{name}</c> alone.</summary>
    public string? InVariable(string name) => First(Prefix + name);

    /// <summary>
    /// The value of a provider's variable, such as <c>AUTH_MY_IDP_ID</c> for the provider <c>my-idp</c>. Files and secret stores bring a line's end or
    /// quotes along: neither belongs to any of them.
    /// </summary>
    public string? Get(string providerId, string name) =>
        Trim(First(Variable(providerId, name), $"{Section}:{Path(providerId, name)}"));

    /// <summary>The value at a path below the section, else null.</summary>
    public string? At(string path) => First($"{Section}:{path}");

    /// <summary>The section, for what is bound as a whole.</summary>
    public IConfigurationSection Below(string path) => configuration.GetSection($"{Section}:{path}");

    public static string Variable(string providerId, string name) =>
        $"{Prefix}{providerId.ToUpperInvariant().Replace('-', '_')}_{name}";

    public IReadOnlyList<string> GetList(string name)
    {
        var list = Items(Pascal(name));
        return Get(name) is { } text ? Split(Prefix + name, text) : list;
    }

    /// <summary>A provider's list: comma-separated, or an array of <c>appsettings</c>.</summary>
    public IReadOnlyList<string> GetList(string providerId, string name)
    {
        var path = Path(providerId, name);
        var list = Items(path);
        return First(Variable(providerId, name), $"{Section}:{path}") is { } text ? Split(Variable(providerId, name), Trim(text) ?? "")
            : configuration.GetSection($"{Section}:{path}").Exists() ? Split($"{Section}:{path}", string.Join(',', list))
            : [];
    }

    /// <summary>The entries of a list. One without any is a mistake: it would count as if it weren't set, and lists often say who may do something.</summary>
    /// <exception cref="AuthSetupException">There are none.</exception>
    public static IReadOnlyList<string> Split(string name, string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } entries ? entries
            : throw new AuthSetupException($"{name} is set, but names nothing: \"{text}\". Name what belongs into the list, or remove the setting.");

    /// <summary>The texts of a list at a path below the section.</summary>
    public IReadOnlyList<string> Items(string path)
    {
        var children = configuration.GetSection($"{Section}:{path}").GetChildren().ToList();
        children.ForEach(child => _read.TryAdd(child.Path, 0));
        return [.. children.Select(child => child.Value).OfType<string>()];
    }

    private static string Path(string providerId, string name) => $"{providerId.Replace("-", "", StringComparison.Ordinal)}:{Pascal(name)}";

    private string? First(params ReadOnlySpan<string> keys)
    {
        string? found = null;
        foreach (var key in keys)
        {
            _read.TryAdd(key, 0);
            found ??= configuration[key] is { Length: > 0 } value ? value : null;
        }

        return found;
    }

    private static string? Trim(string? text)
    {
        var trimmed = text?.Trim();
        if (trimmed is ['"', .., '"'] or ['\'', .., '\''])
        {
            trimmed = trimmed[1..^1].Trim();
        }

        return trimmed is { Length: > 0 } ? trimmed : null;
    }

    private static string Pascal(string name) => string.Concat(
        name.Split('_').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));
}
