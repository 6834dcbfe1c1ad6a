using System.Globalization;
using System.Reflection;
using System.Text;

namespace BlazorAuth.Configuration;

/// <summary>
/// Every option that a text can hold, with the names under which environment and <c>appsettings</c> set it. The list is made of the options
/// themselves: a new option has its names by being there.
/// </summary>
internal sealed record OptionSetting(string Path, string Variable, PropertyInfo Property, IReadOnlyList<PropertyInfo> Owners)
{
    private static readonly Type[] Scalars = [typeof(string), typeof(bool), typeof(int), typeof(TimeSpan), typeof(DateTimeOffset), typeof(Uri)];

    public static IReadOnlyList<OptionSetting> All { get; } = [.. Of(typeof(AuthOptions), "", [])];

    public bool IsList => typeof(IList<string>).IsAssignableFrom(Property.PropertyType);

    /// <summary>Whether it is a mistake to set it and leave it empty: its default allows more, or keeps things elsewhere.</summary>
    public bool IsRestriction => Property.GetCustomAttribute<RestrictionAttribute>() is not null;

    public bool IsMap => typeof(IDictionary<string, string>).IsAssignableFrom(Property.PropertyType);

    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>The object that holds the option.</summary>
    public object OwnerIn(AuthOptions options) => Owners.Aggregate((object)options, (owner, property) => property.GetValue(owner)!);

    /// <summary>The value that a text names; throws <see cref="FormatException"/> when it names none.</summary>
    public object Parse(string text)
    {
        text = text.Trim();
        if (Type == typeof(bool))
        {
            return text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => throw new FormatException() };
        }

        if (Type == typeof(TimeSpan))
        {
            // The platform takes a bare number, and 24:00:00, for days, and 15:00 for hours.
            return text == "0" ? TimeSpan.Zero
                : text.Count(c => c == ':') == 2 && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration) ? duration
                : throw new FormatException();
        }

        if (Type == typeof(DateTimeOffset))
        {
            return WrittenMoment.Read(text) ?? throw new FormatException();
        }

        if (Type.IsEnum)
        {
            return Enum.GetNames(Type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(Type, text, ignoreCase: true) : throw new FormatException();
        }

        return Type == typeof(Uri)
            ? Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw new FormatException()
            : Type == typeof(int) ? int.Parse(text, CultureInfo.InvariantCulture) : text;
    }

    /// <summary>What is wrong with a value that cannot be read, and what is right.</summary>
    public string NotRight => Type switch
    {
        _ when Type == typeof(bool) => "neither true nor false. Correct or remove it.",
        _ when Type == typeof(int) => "not a whole number.",
        _ when Type == typeof(TimeSpan) => "not a duration. Use days.hours:minutes:seconds, such as 30.00:00:00 or 00:20:00.",
        _ when Type == typeof(DateTimeOffset) => "not a date and time. Use UTC, such as 2026-11-26T12:00:00Z.",
        _ when Type == typeof(Uri) => "not an address. Set it to the public address of the app, such as https://example.com.",
        _ => $"not one of {string.Join(", ", Enum.GetNames(Type))}.",
    };

    private static IEnumerable<OptionSetting> Of(Type type, string path, IReadOnlyList<PropertyInfo> owners)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetCustomAttribute<SecretSettingAttribute>() is null))
        {
            var here = path.Length == 0 ? property.Name : $"{path}:{property.Name}";
            var setting = new OptionSetting(here, property.GetCustomAttribute<SettingNameAttribute>()?.Name ?? VariableOf(here), property, owners);
            if (setting.IsList || setting.IsMap || (property.CanWrite && (Scalars.Contains(setting.Type) || setting.Type.IsEnum)))
            {
                yield return setting;
            }
            else if (!property.CanWrite && property.PropertyType is { IsClass: true, Namespace: "BlazorAuth" } inner && inner.Name.EndsWith("Options", StringComparison.Ordinal))
            {
                foreach (var nested in Of(inner, here, [.. owners, property]))
                {
                    yield return nested;
                }
            }
        }
    }

    // Auth:RateLimit:PermitLimit is AUTH_RATE_LIMIT_PERMIT_LIMIT.
    private static string VariableOf(string path)
    {
        var name = new StringBuilder();
        foreach (var c in path)
        {
            if (c == ':' || (char.IsAsciiLetterUpper(c) && name.Length > 0 && name[^1] != '_' && !char.IsAsciiLetterUpper(name[^1])))
            {
                name.Append('_');
            }

            if (c != ':')
            {
                name.Append(c);
            }
        }

        return name.ToString().ToUpperInvariant();
    }
}
