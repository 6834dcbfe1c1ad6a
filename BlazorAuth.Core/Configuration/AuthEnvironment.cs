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
    public string? Get(string name) => First(Prefix + name, Twin(name));

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

    /// <summary>The name in <c>appsettings</c> of <c>AUTH_{name}</c>.</summary>
    public static string Twin(string name) => $"{Section}:{Pascal(name)}";

    public static string Variable(string providerId, string name) =>
        $"{Prefix}{providerId.ToUpperInvariant().Replace('-', '_')}_{name}";

    public IReadOnlyList<string> GetList(string name)
    {
        var list = Items(Pascal(name));
        return Get(name) is { } text ? Split(Prefix + name, text) : list;
    }

    /// <summary>A provider's list, which allows less than no list does: comma-separated, or an array.</summary>
    /// <exception cref="AuthSetupException">It is there, and names nothing.</exception>
    public IReadOnlyList<string> GetList(string providerId, string name) => GetRestriction(Variable(providerId, name), $"{Section}:{Path(providerId, name)}");

    /// <summary>The list that the first of these settings names; empty if none of them is there. Who sets such a list wants to allow less than without it.</summary>
    /// <exception cref="AuthSetupException">One is there, and none names anything: an empty value counts as set here.</exception>
    public IReadOnlyList<string> GetRestriction(params ReadOnlySpan<string> keys)
    {
        string? isEmpty = null;
        foreach (var key in keys)
        {
            _read.TryAdd(key, 0);
            var setting = configuration.GetSection(key);
            if (!setting.Exists())
            {
                continue;
            }

            if (Trim(setting.Value ?? string.Join(',', Children(setting))) is { } text)
            {
                return Split(key, text);
            }

            isEmpty ??= key;
        }

        return isEmpty is null ? [] : Split(isEmpty, "");
    }

    /// <summary>The entries of a list. One without any is a mistake: it would count as if it weren't set, and lists often say who may do something.</summary>
    /// <exception cref="AuthSetupException">There are none.</exception>
    public static IReadOnlyList<string> Split(string name, string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } entries ? entries
            : throw new AuthSetupException($"{name} is set, but names nothing: \"{text}\". Name what belongs into the list, or remove the setting.");

    /// <summary>The first of these settings that is there and holds nothing; null when none is.</summary>
    public string? SetButEmpty(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (configuration.GetSection(key).Exists() && Trim(configuration[key]) is null)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The texts of a list at a path below the section.</summary>
    public IReadOnlyList<string> Items(string path) => Children(Below(path));

    private static string Path(string providerId, string name) => $"{providerId.Replace("-", "", StringComparison.Ordinal)}:{Pascal(name)}";

    private IReadOnlyList<string> Children(IConfigurationSection list)
    {
        var children = list.GetChildren().ToList();
        children.ForEach(child => _read.TryAdd(child.Path, 0));
        return [.. children.Select(child => child.Value).OfType<string>()];
    }

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
