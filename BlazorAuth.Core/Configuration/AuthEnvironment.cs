using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Configuration;

/// <summary>Reads a setting by the name of its environment variable (<c>AUTH_GOOGLE_ID</c>) or of its twin in <c>appsettings</c> (<c>Auth:Google:Id</c>).</summary>
internal sealed class AuthEnvironment(IConfiguration configuration, IHostEnvironment host)
{
    public bool IsDevelopment => host.IsDevelopment();

    /// <summary>The value of <c>AUTH_{name}</c>, else of its twin; an empty value counts as unset.</summary>
    public string? Get(string name) => Text($"AUTH_{name}") ?? Text($"Auth:{Pascal(name)}");

    /// <summary>The value of a provider's variable, such as <c>AUTH_MY_IDP_ID</c> for the provider <c>my-idp</c>.</summary>
    public string? Get(string providerId, string name) =>
        Text(Variable(providerId, name)) ?? Text($"Auth:{providerId.Replace("-", "", StringComparison.Ordinal)}:{Pascal(name)}");

    public static string Variable(string providerId, string name) =>
        $"AUTH_{providerId.ToUpperInvariant().Replace('-', '_')}_{name}";

    public IReadOnlyList<string> GetList(string name)
    {
        var list = configuration.GetSection($"Auth:{Pascal(name)}").GetChildren().Select(child => child.Value).OfType<string>();
        return Get(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [.. list];
    }

    private string? Text(string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private static string Pascal(string name) => string.Concat(
        name.Split('_').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));
}
