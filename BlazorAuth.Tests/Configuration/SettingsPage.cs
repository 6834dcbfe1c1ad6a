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

        Every option, as documented in the code. Code wins over environment variables, which win over `appsettings` (and over `Auth__RateLimit__PermitLimit`, the platform's own
        form of `Auth:RateLimit:PermitLimit`). A value that can't be parsed stops the start, and the message names it. A name that nothing reads is warned about (events 620 and 621).
        Lists are comma-separated in a variable, and arrays in `appsettings`. Maps can only be set in `appsettings`.
        Durations are `days.hours:minutes:seconds`: `00:15:00` is 15 minutes, `30.00:00:00` is 30 days. This page is generated from the code: run `UPDATE_DOCS=1 ./test.sh` to update it.

        ## Secrets

        `AUTH_SECRET`, `AUTH_SECRET_1` to `AUTH_SECRET_3`: at least 32 characters, used exactly as they are. White space at either end, or quotes around one, stops the start.

        ## Keys of a provider

        For the provider `my-idp`, the names begin with `AUTH_MY_IDP_`, or `Auth:MyIdp:` in `appsettings`. White space and quotes around a value are removed.

        | Name | Meaning |
        |---|---|
        | `_ID`, `_SECRET` | The client's ID and secret |
        | `_ISSUER` | The issuer of an OpenID Connect provider, or the address of its discovery document. For others, what `iss` in a response has to be |
        | `_DISCOVERY` | Where the discovery document is, if the app has to fetch it elsewhere than at the issuer, such as at an address inside your network. The document then has to name exactly `_ISSUER` |
        | `_NAME` | `AUTH_OIDC_NAME`: the name of the provider that `AUTH_OIDC_ISSUER` switches on |
        | `_AUTHORIZATION_ENDPOINT`, `_TOKEN_ENDPOINT`, `_USERINFO_ENDPOINT`, `_EMAILS_ENDPOINT` | Other addresses of an OAuth provider; the last one is GitHub's. [Another server](add-a-provider.md#another-server-another-name) is another provider |
        | `_CLIENT_AUTH` | How the client authenticates: `basic`, `post`, `none` or `private_key_jwt`. Default: what discovery says, and after `invalid_client` the other way, once |
        | `_PRIVATE_KEY`, `_PRIVATE_KEY_ID` | The key for `private_key_jwt`, as PEM or a path, and its ID |
        | `_ID_TOKEN_ALG` | The only algorithm allowed for ID tokens. Default: RS, PS and ES algorithms; an HS algorithm if discovery offers nothing else |
        | `_TENANTS` | The tenants whose users can sign in, comma-separated: those that ID tokens name (`tid`). OpenID Connect only; with any other handler, the app doesn't start. Default: all |

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
