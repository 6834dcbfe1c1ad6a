using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Conventions;

/// <summary>Finds the words that a component says by itself: what is left of its markup when code, tags and expressions are taken away.</summary>
internal static partial class RazorText
{
    public static IReadOnlyList<string> LiteralsIn(string razor)
    {
        var code = razor.IndexOf("@code", StringComparison.Ordinal);
        var markup = Comment().Replace(code < 0 ? razor : razor[..code], "");
        markup = Statement().Replace(Directive().Replace(markup, ""), "");
        var found = Attribute().Matches(markup).Select(attribute => attribute.Groups["text"].Value).ToList();
        var rest = Expression().Replace(Tag().Replace(markup, "\n"), "\n");
        found.AddRange(rest.Split('\n').Select(line => line.Trim()).Where(line => Words().IsMatch(line) && line != UniversalTime));
        return found;
    }

    /// <summary>The same in every language.</summary>
    private const string UniversalTime = "UTC";

    /// <summary>An expression in brackets of either kind, with brackets and strings in it.</summary>
    private const string Brackets = """[(\[](?>[^()\[\]"]+|"[^"]*"|(?<open>[(\[])|(?<-open>[)\]]))*(?(open)(?!))[)\]]""";

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^@(using|inject|inherits|namespace|implements|typeparam|page|attribute)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex("""^\s*(@?(if|foreach|switch|while)\b.*|else( if\b.*)?|(case|default)\b.*:|(break|return|continue);|var .*;|[{}])\s*$""", RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex("""\b(aria-label|title|alt|placeholder|Title|Text)="(?<text>[^"@]*\p{L}[^"@]*)\x22""")]
    private static partial Regex Attribute();

    [GeneratedRegex("""</?[a-zA-Z!](?>[^<>"@]+|"(?>[^"@]+|@@?[\w.]*(""" + Brackets + """)?(\.\w+)*)*"|@\w+)*>""")]
    private static partial Regex Tag();

    [GeneratedRegex("@[\\w.]*((" + Brackets + """)|\??\.\w+|!)*""")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\p{L}|[:;,!?]")]
    private static partial Regex Words();
}
