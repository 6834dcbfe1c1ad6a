namespace BlazorAuth.Tests.Conventions;

/// <summary>The house has floors: every folder of BlazorAuth.Core uses only the floors below it (docs/architecture.md).</summary>
public sealed class LayerTests
{
    private const string FrontDoor = "(top)";

    private static readonly string[] Floors =
    [
        "Abstractions", "Options", "Configuration", "Http", "Tokens", "Sync", "Sessions", "Accounts", "Circuits", "StepUp", "Texts", "Look", "Providers", "Scheme",
        "Credentials", "Identity", "Import", "Pages", "Endpoints", "Components", "Widgets", "Preview", "Stores", "Stores/Memory", "Stores/Sqlite",
        "Startup", FrontDoor,
    ];

    // Options name what the app puts on pages: a page, a message, the texts.
    private static readonly string[] WhatOptionsName = ["AuthPage", "AuthMessage", "AuthTexts"];

    [Fact]
    public void EveryArrowPointsDown()
    {
        var arrows = CoreSources.Arrows();
        Assert.InRange(arrows.Count, 1000, 100_000);
        Assert.Empty(arrows.Select(arrow => arrow.From.Floor).Concat(arrows.Select(arrow => arrow.To.Floor)).Distinct().Except(Floors));
        var upward = arrows
            .Where(arrow => Array.IndexOf(Floors, arrow.To.Floor) > Array.IndexOf(Floors, arrow.From.Floor))
            .Where(arrow => !(arrow.From.Floor == "Options" && WhatOptionsName.Contains(arrow.To.Type)))
            .Select(arrow => $"{arrow.From.File} -> {arrow.To.Floor}: {arrow.To.Type}")
            .Distinct();
        Assert.Empty(upward);
    }

    [Fact]
    public void OneStoreKnowsNothingOfAnother() =>
        Assert.Empty(CoreSources.Arrows()
            .Where(arrow => arrow.From.Floor.StartsWith("Stores/", StringComparison.Ordinal) && arrow.To.Floor.StartsWith("Stores/", StringComparison.Ordinal))
            .Where(arrow => arrow.From.Floor != arrow.To.Floor)
            .Select(arrow => $"{arrow.From.File} -> {arrow.To.File}"));

    [Fact]
    public void InternalNamespacesFollowFolders() =>
        Assert.Empty(CoreSources.Types()
            .Where(type => !type.IsPublic && type.Namespace != type.Expected)
            .Select(type => $"{type.File}: {type.Name} is in {type.Namespace}, not in {type.Expected}"));
}
