using System.Diagnostics.CodeAnalysis;

namespace BlazorAuth.Stores;

/// <summary>The stores that <c>AUTH_STORE</c> and <c>AUTH_ACCOUNTS</c> can name in this app.</summary>
internal sealed class StoreSchemes(IEnumerable<ISessionStoreFactory> factories)
{
    public const string SessionSetting = "AUTH_STORE";

    public const string AccountSetting = "AUTH_ACCOUNTS";

    // The app's own come last, and take precedence.
    private readonly Dictionary<string, ISessionStoreFactory> _factories =
        factories.GroupBy(factory => factory.Scheme, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.Last(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The accepted forms, for messages.</summary>
    public string Forms => string.Join(
        ", ", _factories.Values.Select(factory => factory.Example.Length == 0 ? $"\"{factory.Scheme}\"" : $"\"{factory.Scheme}:{factory.Example}\""));

    public ISessionStoreFactory? Of<TFactory>()
        where TFactory : ISessionStoreFactory => _factories.Values.OfType<TFactory>().FirstOrDefault();

    public bool TryParse(string? text, [NotNullWhen(true)] out StoreAddress? address, [NotNullWhen(false)] out string? error, string setting = SessionSetting)
    {
        text = text?.Trim() ?? "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = (colon < 0 ? text : text[..colon]).ToLowerInvariant();
        var value = colon < 0 ? "" : text[(colon + 1)..].Trim();
        address = null;
        if (value.StartsWith("//", StringComparison.Ordinal) && StoreUrl.FormThatWorks(scheme, text) is { } form)
        {
            error = Invalid(setting, $"It takes a connection string, not a URL: use {setting}={form}");
        }
        else if (_factories.TryGetValue(scheme, out var factory))
        {
            error = Check(factory, value) is { } problem ? Invalid(setting, problem) : null;
            address = error is null ? new StoreAddress(factory, value) : null;
        }
        else
        {
            error = StorePackage.Of(scheme) is not { } package
                ? Invalid(setting, scheme == "postgresql" ? "For PostgreSQL, use \"postgres\"." : "Unknown kind of store.")
                : setting == AccountSetting && !package.KeepsUsers ? KeepsNoUsers(scheme)
                : package.Missing(setting);
        }

        return address is not null;
    }

    /// <summary>What is wrong with an address; null if it can be used.</summary>
    public static string? Check(ISessionStoreFactory factory, string value) => (factory.Example, value) switch
    {
        ("", "") => null,
        ("", _) => $"\"{factory.Scheme}\" takes nothing after it.",
        (_, "") => $"An address is missing after \"{factory.Scheme}:\". Use a form such as {factory.Scheme}:{factory.Example}.",
        _ => factory.Check(value),
    };

    /// <summary>Why a store cannot be the one of the users.</summary>
    public static string KeepsNoUsers(string scheme) =>
        $"{AccountSetting} names {StorePackage.Of(scheme)?.Product ?? $"\"{scheme}\""}, which keeps no users: if it lost a linked account or a ban, the wrong person could get in. "
        + "Set it to sqlite:<path> or postgres:<connection string>.";

    private string Invalid(string setting, string problem) => $"{setting} is not valid. {problem} Accepted forms: {Forms}.";
}
