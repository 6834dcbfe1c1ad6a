using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Look;

/// <summary>The style sheets and scripts of the pages, and the client for front ends, from inside the assembly: they are there whatever files the host serves.</summary>
internal sealed class AuthAssets(AuthTheme theme)
{
    public const string StyleSheet = "blazorauth.css";
    public const string Script = "blazorauth.js";
    public const string App = "app.js";
    public const string SessionScript = "session.js";
    public const string Client = "client.js";
    public const string ClientTypes = "client.d.ts";
    public const string Preview = "preview.css";
    public const string Theme = "theme.css";

    /// <summary>The maximum number of path bases whose theme is cached. An app has one, rarely two; a trusted header must not fill the memory.</summary>
    private const int MostThemes = 8;

    private static readonly FrozenDictionary<string, Asset> BuiltIn =
        new[] { StyleSheet, Script, App, SessionScript, Client, ClientTypes, Preview }.Select(name => new Asset(name, Text(name))).ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Asset> _themes = new(StringComparer.Ordinal);

    /// <summary>The address of an asset, with a version that changes with its content.</summary>
    public string Address(string pathBase, string name) => $"{pathBase}{AuthPaths.Base}/assets/{name}?v={Find(pathBase, name)!.Version}";

    /// <summary>The text of an asset as it is built in.</summary>
    internal static string Text(string name)
    {
        using var stream = typeof(AuthAssets).Assembly.GetManifestResourceStream("BlazorAuth.Pages.Assets." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>An asset by its name; null when there is none. The theme depends on the path base.</summary>
    public Asset? Find(string pathBase, string name)
    {
        if (name != Theme)
        {
            return BuiltIn.GetValueOrDefault(name);
        }

        if (!_themes.TryGetValue(pathBase, out var asset))
        {
            asset = new Asset(Theme, theme.Write(pathBase));
            if (_themes.Count < MostThemes)
            {
                _themes[pathBase] = asset;
            }
        }

        return asset;
    }

    /// <summary>A file as it is served, plain and compressed with Brotli.</summary>
    public sealed class Asset
    {
        // On the first request: compressing all of them takes longer than the rest of the app's startup.
        private readonly Lazy<byte[]> _compressed;

        public Asset(string name, string text)
        {
            Name = name;
            Type = Path.GetExtension(name) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "text/plain" };
            Content = Encoding.UTF8.GetBytes(text);
            Version = Convert.ToHexStringLower(SHA256.HashData(Content))[..12];
            _compressed = new(Compress);
        }

        public string Name { get; }

        public string Type { get; }

        public string Version { get; }

        public byte[] Content { get; }

        public byte[] Compressed => _compressed.Value;

        private byte[] Compress()
        {
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                brotli.Write(Content);
            }

            return compressed.ToArray();
        }
    }
}
