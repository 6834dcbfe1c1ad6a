using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Pages;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("Ada\u202Egpj.exe", "Adagpj.exe")]
    [InlineData("  Ada \n\t Lovelace\u0000 ", "Ada Lovelace")]
    [InlineData("\u2066\u2069", "")]
    [InlineData(null, "")]
    public void ControlCharactersAreTakenOut(string? text, string expected) => Assert.Equal(expected, DisplayText.Clean(text));

    [Fact]
    public void LongTextIsCutBetweenCharacters()
    {
        Assert.Equal(new string('a', 80) + "…", DisplayText.Clean(new string('a', 500)));
        Assert.True(DisplayText.Clean(string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 200))).Length <= 241);
        Assert.True(DisplayText.Clean("a" + new string('\u0301', 5000)).Length <= 241);
    }

    [Theory]
    [InlineData("Ada Lovelace", "AL")]
    [InlineData("ada", "A")]
    [InlineData("Ada King Noel Lovelace", "AL")]
    [InlineData("👩‍👩‍👧‍👦 Family", "👩‍👩‍👧‍👦F")]
    [InlineData("", "?")]
    public void InitialsStandForAPersonWithoutAPicture(string name, string initials) => Assert.Equal(initials, DisplayText.Initials(name));

    [Fact]
    public void TextOfTheOtherDirectionIsIsolated()
    {
        Assert.Equal("Ada", DisplayText.Isolate("Ada", isRightToLeft: false));
        Assert.Equal("\u2068Ada\u2069", DisplayText.Isolate("Ada", isRightToLeft: true));
        Assert.Equal("\u2068علي\u2069", DisplayText.Isolate("علي", isRightToLeft: false));
    }
}
