using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>What a browser says about where a request comes from, and what for (Fetch Metadata Request Headers).</summary>
internal static class FetchMetadata
{
    /// <summary>Whether a page of another origin shows the request's answer inside itself, as an image or a frame.</summary>
    public static bool IsPartOfAnotherPage(HttpRequest request) =>
        request.Headers[AuthHeaders.FetchSite].ToString() is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Dest"].ToString() is not ("" or "document");
}
