namespace BlazorAuth.Tests.Chromium.Anywhere;

/// <summary>What was done on a page that not everybody may see.</summary>
public sealed class AnywherePresses
{
    public int Count { get; set; }
}
