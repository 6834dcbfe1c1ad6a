using BlazorAuth.Configuration;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>
/// Sets every option that environment or <c>appsettings</c> names, before the app's own code, which wins. Lists and maps wait for the app's code:
/// what it adds replaces them.
/// </summary>
internal sealed class AuthOptionsBinding(AuthEnvironment environment) : IConfigureOptions<AuthOptions>, IPostConfigureOptions<AuthOptions>
{
    public void Configure(AuthOptions options)
    {
        foreach (var setting in OptionSetting.All.Where(setting => !setting.IsList && !setting.IsMap))
        {
            var (name, text) = Find(setting);
            if (name is null)
            {
                if (setting.IsRestriction && environment.SetButEmpty(NamesOf(setting)) is { } empty)
                {
                    options.Problems.Add($"{empty} is set, but empty. Set a value, or remove it.");
                }

                continue;
            }

            try
            {
                setting.Property.SetValue(setting.OwnerIn(options), setting.Parse(text!));
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                options.Problems.Add($"{name} is {setting.NotRight}");
            }
        }
    }

    public void PostConfigure(string? name, AuthOptions options)
    {
        foreach (var setting in OptionSetting.All)
        {
            if (setting.IsList && setting.Property.GetValue(setting.OwnerIn(options)) is IList<string> { Count: 0 } list)
            {
                foreach (var value in ListOf(setting))
                {
                    list.Add(value);
                }
            }
            else if (setting.IsMap && setting.Property.GetValue(setting.OwnerIn(options)) is IDictionary<string, string> map)
            {
                foreach (var entry in environment.Below(setting.Path).GetChildren().Where(entry => entry.Value is not null))
                {
                    map.TryAdd(entry.Key, entry.Value!);
                }
            }
        }
    }

    // A variable first, then the option's path, then the variable's short twin in appsettings (Auth:AppName).
    private (string? Name, string? Text) Find(OptionSetting setting)
    {
        var variable = AuthEnvironment.Prefix + setting.Variable;
        return environment.InVariable(setting.Variable) is { } text ? (variable, text)
            : environment.At(setting.Path) is { } bound ? ($"{AuthEnvironment.Section}:{setting.Path}", bound)
            : environment.Get(setting.Variable) is { } twin ? (variable, twin)
            : (null, null);
    }

    private IReadOnlyList<string> ListOf(OptionSetting setting)
    {
        if (setting.IsRestriction)
        {
            return environment.GetRestriction(NamesOf(setting));
        }

        var text = environment.InVariable(setting.Variable) ?? environment.At(setting.Path) ?? environment.Get(setting.Variable);
        return text is not null ? AuthEnvironment.Split(AuthEnvironment.Prefix + setting.Variable, text) : environment.Items(setting.Path);
    }

    private static string[] NamesOf(OptionSetting setting) =>
        [AuthEnvironment.Prefix + setting.Variable, $"{AuthEnvironment.Section}:{setting.Path}", AuthEnvironment.Twin(setting.Variable)];
}
