using System.Diagnostics.CodeAnalysis;

namespace BlazorAuth.Http;

/// <summary>
/// The one reader of addresses that come from outside. The platform's own throws instead of saying no: for some texts without a scheme, such as a space, two slashes
/// and a mark for the writing direction, and later, when a host of nothing but an invisible character is asked for its name.
/// </summary>
internal static class WebUri
{
    /// <summary>Whether a text is an absolute http or https address with a host.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        return text is not null
            && (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            && Uri.TryCreate(text, UriKind.Absolute, out address) && HasHost(address);
    }

    private static bool HasHost(Uri address)
    {
        try
        {
            return address.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
