using System.Text.RegularExpressions;
using BlazorAuth.Pages;

namespace BlazorAuth.Tests.Pages;

/// <summary>Nothing that a person reads, a browser runs or a developer calls speaks of features that are not there.</summary>
public sealed partial class NotThereTests(PlainApp plain) : IClassFixture<PlainApp>
{
    // Passkeys; signing out at the provider; where a device is.
    public static TheoryData<string, string> Words => new()
    {
        { "en", @"passkey|webauthn|security key|sign out (of|at) (Google|GitHub)|also of|approximate|near |location|city|country" },
        { "de", @"passkey|zugangsschlüssel|sicherheitsschlüssel|bei (Google|GitHub) abmelden|von (Google|GitHub) abmelden|ungefähr|standort|in der nähe" },
        { "fr", @"passkey|clés? d.accès|clé de sécurité|déconnecter de (Google|GitHub)|approximati|localisation|emplacement" },
        { "es", @"passkey|(clave|llave) de (acceso|seguridad)|cerrar (la )?sesión en (Google|GitHub)|aproximad|ubicación" },
        { "pt-BR", @"passkey|chave de (acesso|segurança)|sair (do|da) (Google|GitHub)|aproximad|localização" },
        { "ja", @"passkey|パスキー|セキュリティ ?キー|(Google|GitHub) ?からもサインアウト|位置情報|おおよその" },
        { "zh-Hans", @"passkey|通行密钥|安全密钥|同时退出|大致位置|地理位置" },
        { "ar", @"passkey|مفتاح (ال)?(مرور|أمان)|الموقع (ال)?(تقريبي|جغرافي)|تقريبًا" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public async Task NoPageInAnyStateSpeaksOfThem(string language, string words)
    {
        var pattern = new Regex(words, RegexOptions.IgnoreCase);
        using var browser = plain.App.CreateBrowser();
        foreach (var state in PreviewStates.States)
        {
            var page = await browser.OpenAsync($"/api/auth/preview/{state}?ui_locales={language}");
            Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
            var read = string.Join('\n', page.Document.QuerySelectorAll("[aria-label], [title], [alt]").Select(element =>
                $"{element.GetAttribute("aria-label")} {element.GetAttribute("title")} {element.GetAttribute("alt")}").Append(page.Document.Title).Append(page.Document.Body!.TextContent));
            Assert.False(pattern.IsMatch(read), $"{state}: {pattern.Match(read).Value}");
        }

        Assert.Matches(pattern, language switch
        {
            "en" => "Use a passkey", "de" => "Zugangsschlüssel", "fr" => "Clé d’accès", "es" => "Llave de acceso", "pt-BR" => "Localização", "ja" => "パスキー", "zh-Hans" => "通行密钥", _ => "مفتاح المرور",
        });
    }

    [Theory]
    [InlineData(AuthAssets.Script)]
    [InlineData(AuthAssets.App)]
    [InlineData(AuthAssets.SessionScript)]
    [InlineData(AuthAssets.Client)]
    public void NoScriptDoesThem(string name) => Assert.DoesNotMatch(Code(), AuthAssets.Text(name));

    [Theory]
    [InlineData("PublicAPI.Shipped.txt")]
    [InlineData("PublicAPI.Unshipped.txt")]
    public void NobodyCanCallThem(string promised) => Assert.DoesNotMatch(Code(), File.ReadAllText(Repository.File("BlazorAuth.Core", promised)));

    [GeneratedRegex(@"passkey|webauthn|PublicKeyCredential|navigator\.credentials|geolocation|GeoIp|Federated|ProviderSignOut|SignOutAtProvider|end_session|Approximate|Latitude", RegexOptions.IgnoreCase)]
    private static partial Regex Code();
}
