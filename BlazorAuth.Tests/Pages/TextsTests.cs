using System.Text.RegularExpressions;
using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Pages;

/// <summary>Every text in every language, none forgotten, and none for what is not there.</summary>
public sealed partial class TextsTests
{
    // Words that a language writes as English does.
    private static readonly HashSet<string> SameWord =
    [
        "Page.Title", "de Account.Name", "fr Account.Email", "pt-BR Account.Email", "fr SignIn.Working",
    ];

    public static TheoryData<string> Languages => [.. LanguageChoice.BuiltIn];

    [Theory]
    [MemberData(nameof(Languages))]
    public void EveryTextIsThereWithTheSamePlaces(string language)
    {
        var english = LanguageChoice.Read("en");
        var texts = LanguageChoice.Read(language);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
        Assert.All(texts, text =>
        {
            Assert.NotEqual("", text.Value.Trim());
            var places = Place().Matches(english[text.Key]).Select(place => place.Value).ToHashSet();
            Assert.Subset(places, Place().Matches(text.Value).Select(place => place.Value).ToHashSet());
            Assert.DoesNotContain('<', text.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void NoneIsLeftInEnglish(string language)
    {
        var english = LanguageChoice.Read("en");
        Assert.All(
            LanguageChoice.Read(language).Where(text => language != "en" && !SameWord.Contains(text.Key) && !SameWord.Contains($"{language} {text.Key}")),
            text => Assert.NotEqual(english[text.Key], text.Value));
    }

    [Fact]
    public void EnglishSaysEmailAndContracts() => Assert.All(
        LanguageChoice.Read("en"), text => Assert.DoesNotMatch(Stiff(), $"{text.Key} {text.Value}"));

    [Fact]
    public void FrenchPutsANarrowSpaceBeforeItsPunctuation() => Assert.All(
        LanguageChoice.Read("fr"), text => Assert.DoesNotMatch("[^\u202F][;?!]|[^\u00A0]:", text.Value));

    [Theory]
    [MemberData(nameof(Languages))]
    public void NoTextSpeaksOfWhatIsNotThere(string language) =>
        Assert.All(LanguageChoice.Read(language), text => Assert.DoesNotMatch(NotThere(), $"{text.Key} {text.Value}"));

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"e-mail|'|\b(is|are|was|were|do|does|did|can|could|has|have|will|would) ?not\b|\b(you|we|they) (are|will|have)\b|\bit is\b|people who run", RegexOptions.IgnoreCase)]
    private static partial Regex Stiff();

    [GeneratedRegex("passkey|webauthn|security key|location|approximate|near |also of|federat|clé d.accès|Zugangsschlüssel|パスキー|通行密钥|مفتاح المرور", RegexOptions.IgnoreCase)]
    private static partial Regex NotThere();
}
