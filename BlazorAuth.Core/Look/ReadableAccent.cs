using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorAuth.Look;

/// <summary>
/// What goes with an app's accent so that it can be read (WCAG 2.2, 1.4.3): the text on it, and links and focus ring in it. Only for colours that are
/// written in hexadecimal, alone or in <c>light-dark(…)</c>; any other has to come with <c>accent-text</c>, <c>link</c> and <c>focus</c>.
/// </summary>
internal static partial class ReadableAccent
{
    private const double Readable = 4.5;

    private static readonly (Color Light, Color Dark) Surface = (new(0xff, 0xff, 0xff), new(0x16, 0x19, 0x1f));
    private static readonly (Color Light, Color Dark) Text = (new(0x14, 0x16, 0x1b), new(0xec, 0xee, 0xf2));
    private static readonly Color[] OnAccent = [new(0xff, 0xff, 0xff), new(0x0d, 0x15, 0x26)];

    /// <summary>Values for the variables that the app has not set itself.</summary>
    public static IEnumerable<(string Name, string Value)> Complete(IReadOnlyDictionary<string, string> variables)
    {
        if (!variables.TryGetValue("accent", out var value) || Parse(value) is not { } accent)
        {
            yield break;
        }

        if (!variables.ContainsKey("accent-text"))
        {
            yield return ("accent-text", Both(On(accent.Light), On(accent.Dark)));
        }

        var surface = variables.TryGetValue("surface", out var chosen) ? Parse(chosen) ?? Surface : Surface;
        var link = Both(Towards(accent.Light, Text.Light, surface.Light), Towards(accent.Dark, Text.Dark, surface.Dark));
        if (!variables.ContainsKey("link"))
        {
            yield return ("link", link);
        }

        if (!variables.ContainsKey("focus"))
        {
            yield return ("focus", link);
        }
    }

    private static string Both(Color light, Color dark) => light == dark ? light.ToString() : $"light-dark({light}, {dark})";

    private static Color On(Color accent) => OnAccent.MaxBy(text => Contrast(text, accent));

    // The accent itself where it can be read on the card, otherwise mixed with the text color until it can.
    private static Color Towards(Color accent, Color text, Color surface)
    {
        for (var share = 0; share < 10; share++)
        {
            var mixed = accent.Mix(text, share / 10.0);
            if (Contrast(mixed, surface) >= Readable)
            {
                return mixed;
            }
        }

        return text;
    }

    private static double Contrast(Color one, Color other)
    {
        var (a, b) = (one.Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static (Color Light, Color Dark)? Parse(string value) =>
        Pattern().Match(value) is not { Success: true } match ? null
            : match.Groups["dark"].Success ? (Color.Parse(match.Groups["light"].Value), Color.Parse(match.Groups["dark"].Value))
            : (Color.Parse(match.Groups["light"].Value), Color.Parse(match.Groups["light"].Value));

    [GeneratedRegex(@"^\s*(?:light-dark\(\s*#(?<light>[0-9a-f]{3}|[0-9a-f]{6})\s*,\s*#(?<dark>[0-9a-f]{3}|[0-9a-f]{6})\s*\)|#(?<light>[0-9a-f]{3}|[0-9a-f]{6}))\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    private readonly record struct Color(byte Red, byte Green, byte Blue)
    {
        public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

        public static Color Parse(string hex)
        {
            var digits = hex.Length == 3 ? string.Concat(hex.Select(digit => new string(digit, 2))) : hex;
            var number = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return new((byte)(number >> 16), (byte)(number >> 8), (byte)number);
        }

        public Color Mix(Color other, double share) => new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

        public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

        private static byte Mix(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));

        private static double Linear(byte part)
        {
            var share = part / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
    }
}
