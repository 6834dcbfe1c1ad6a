namespace BlazorAuth.Sessions;

/// <summary>Whether ASP.NET Core Identity's security stamps decide on sessions.</summary>
internal sealed record StampUse(bool Counts);
