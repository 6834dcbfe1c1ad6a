using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Pages;

/// <summary>The stylesheet and the script of the pages, and the client for front ends, from inside the assembly: they are there whatever files the host serves.</summary>
internal sealed class AuthAssets
{
    public const string StyleSheet = "blazorauth.css";
    public const string Script = "blazorauth.js";
    public const string SessionScript = "session.js";
    public const string Client = "client.js";
    public const string ClientTypes = "client.d.ts";

    private readonly FrozenDictionary<string, Asset> _assets = new[]
    {
        Load(StyleSheet, "text/css"), Load(Script, "text/javascript"), Load(SessionScript, "text/javascript"),
        Load(Client, "text/javascript"), Load(ClientTypes, "text/plain"),
    }.ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of an asset, with a version that changes with its content.</summary>
    public string Address(string pathBase, string name) => $"{pathBase}{AuthPaths.Base}/assets/{name}?v={_assets[name].Version}";

    public static IResult Handle(string name, HttpContext http, AuthAssets assets) => assets.Serve(name, http);

    private IResult Serve(string name, HttpContext http)
    {
        if (!_assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

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

    private static Asset Load(string name, string type)
    {
        using var stream = typeof(AuthAssets).Assembly.GetManifestResourceStream("BlazorAuth.Pages.Assets." + name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(content);
        }

        return new Asset(name, type, Convert.ToHexStringLower(SHA256.HashData(content))[..12], content, compressed.ToArray());
    }

    private sealed record Asset(string Name, string Type, string Version, byte[] Content, byte[] Compressed);
}
