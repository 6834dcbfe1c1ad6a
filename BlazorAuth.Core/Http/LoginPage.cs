using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>The app's own page to sign in on, which takes the return address in a parameter of its own.</summary>
/// <param name="Path">Below the path base.</param>
/// <param name="Parameter">The parameter's name.</param>
internal sealed record LoginPage(PathString Path, string Parameter)
{
    /// <summary>The address of the page; null when the person goes to another origin then, which such pages refuse.</summary>
    /// <param name="origin">The app.</param>
    /// <param name="returnUrl">Where the person goes then.</param>
    public string? Address(PublicAddress origin, string returnUrl)
    {
        if (!returnUrl.StartsWith('/'))
        {
            if (!WebUri.TryParse(returnUrl, out var address) || !string.Equals(address.GetLeftPart(UriPartial.Authority), origin.Text, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            returnUrl = address.PathAndQuery;
        }

        // Identity's pages go there: "//host", which may be a path of the app where its origin stands before it, is another host without it.
        return PageAddresses.With(origin.PathBase.Add(Path).ToUriComponent(), (Parameter, ReturnUrl.NamesHost(returnUrl) ? "/" : returnUrl));
    }
}
