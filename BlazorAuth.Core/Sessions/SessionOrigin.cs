using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>Where a session begins: what its row keeps and its token does not.</summary>
/// <param name="Device">The browser and system in words.</param>
internal sealed record SessionOrigin(string? Device)
{
    /// <summary>The person's id at the provider.</summary>
    public string? ProviderAccountId { get; init; }

    /// <summary>The hash of the browser's own cookie.</summary>
    public string? Browser { get; init; }

    /// <summary>What ASP.NET Core Identity knows of the user; null for a session that it does not begin.</summary>
    public UserStamp? Stamp { get; init; }

    /// <summary>Whether it is made of a token that an Auth.js minted.</summary>
    public bool IsAdopted { get; init; }
}
