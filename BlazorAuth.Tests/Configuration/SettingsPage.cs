using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using BlazorAuth.Configuration;

namespace BlazorAuth.Tests.Configuration;

/// <summary>Writes <c>docs/settings.md</c> from the documentation of the options.</summary>
internal static partial class SettingsPage
{
    private const string Head =
        """
        # Settings

        Every option, as the code documents it. Code wins over environment variables, these over `appsettings` (and over `Auth__RateLimit__PermitLimit`, the platform's own
        form of `Auth:RateLimit:PermitLimit`). A value that cannot be read stops the start and is named; a name that nothing reads is warned about (events 620 and 621).
        Lists are comma-separated in a variable, and arrays in `appsettings`; maps are set by `appsettings` alone. This page is made of the code: `UPDATE_DOCS=1 ./test.sh` writes it anew.

        ## Secrets

        `AUTH_SECRET`, `AUTH_SECRET_1` to `AUTH_SECRET_3`: at least 32 characters, kept as they are. White space at an end or quotes around one stop the start.

        ## Providers

        For the provider `my-idp` the names begin with `AUTH_MY_IDP_`, or `Auth:MyIdp:` in `appsettings`. White space and quotes around a value are taken off.

        | Name | Meaning |
        |---|---|
        | `_ID`, `_SECRET` | the client |
        | `_ISSUER` | the issuer of an OpenID Connect provider; the address of its discovery document means the same. For others what `iss` in an answer has to be |
        | `_NAME` | `AUTH_OIDC_NAME`: the name of the provider that `AUTH_OIDC_ISSUER` switches on |
        | `_AUTHORIZATION_ENDPOINT`, `_TOKEN_ENDPOINT`, `_USERINFO_ENDPOINT`, `_EMAILS_ENDPOINT` | other addresses of an OAuth provider; the last one GitHub's |
        | `_CLIENT_AUTH` | how the client shows who it is: `basic`, `post`, `none` or `private_key_jwt`. Default: as discovery says, and the other way once after `invalid_client` |
        | `_PRIVATE_KEY`, `_PRIVATE_KEY_ID` | the key of `private_key_jwt`, in PEM or as a path, and its id |
        | `_ID_TOKEN_ALG` | the one algorithm of id tokens. Default: RS, PS and ES algorithms; an HS algorithm where discovery offers nothing else |
        | `_TENANTS` | the tenants whose people may sign in, comma-separated, at a provider that speaks for many. Default: all |

        """;

    public static string Create(string documentation)
    {
        var docs = XDocument.Parse(documentation).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary"));
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var group in OptionSetting.All.GroupBy(setting => setting.Path.Contains(':', StringComparison.Ordinal) ? setting.Path[..setting.Path.LastIndexOf(':')] : "General"))
        {
            page.Append("\n## ").Append(group.Key).Append("\n\n| Variable | `appsettings` | Meaning |\n|---|---|---|\n");
            foreach (var setting in group)
            {
                var summary = docs[$"P:{setting.Property.DeclaringType!.FullName}.{setting.Property.Name}"]!;
                page.Append("| ").Append(setting.IsMap ? "" : $"`AUTH_{setting.Variable}`").Append(" | `Auth:").Append(setting.Path).Append(setting.IsMap ? ":<key>" : "").Append("` | ")
                    .Append(Text(summary)).Append(" |\n");
            }
        }

        return page.ToString();
    }

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word => $"`{word.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")!.Value.Split('(')[0].Split('.')[^1]}`",
                XElement other => other.Value,
                _ => "",
            });
        }

        return Blanks().Replace(text.ToString(), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
