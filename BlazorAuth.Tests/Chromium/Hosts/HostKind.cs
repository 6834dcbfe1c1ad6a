namespace BlazorAuth.Tests.Chromium.Hosts;

/// <summary>Whose header the menu stands in.</summary>
public enum HostKind
{
    /// <summary>That of <c>dotnet new blazor</c>.</summary>
    Template,

    /// <summary>A navigation bar of Bootstrap's.</summary>
    Bootstrap,

    /// <summary>MudBlazor's app bar.</summary>
    MudBlazor,

    /// <summary>The header of Fluent UI.</summary>
    FluentUi,
}

/// <summary>A host, and how it is drawn.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="IsDark">Whether it is dark.</param>
/// <param name="Style">The style sheets that it has no file for.</param>
public sealed record Host(HostKind Kind, bool IsDark, string Style = "");
