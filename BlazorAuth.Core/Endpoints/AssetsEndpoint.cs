using BlazorAuth.Http;
using BlazorAuth.Look;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET assets/{name}</c>: style sheets, scripts and the client for front ends. An address with the current version is kept forever.</summary>
internal static class AssetsEndpoint
{
    public static IResult Handle(string name, AuthRequest request, AuthAssets assets)
    {
        if (assets.Find(request.Address.PathBase, name) is not { } asset)
        {
            return Results.NotFound();
        }

        var http = request.Http;
        var headers = http.Response.Headers;
        headers.Remove("Pragma");
        headers.Remove("Expires");
        headers.CacheControl = http.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        var compressed = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase);
        if (compressed)
        {
            headers.ContentEncoding = "br";
        }

        return Results.Bytes(compressed ? asset.Compressed : asset.Content, asset.Type + "; charset=utf-8");
    }
}
