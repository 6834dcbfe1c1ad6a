using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers;

/// <summary>
/// Where the person goes after a sign-in. A short address is in the protected state; a longer one would make the provider's address too long for
/// servers and proxies, and waits in a protected cookie, in chunks if need be. Nothing is kept on the server, which strangers could fill.
/// </summary>
internal sealed class FlowReturns(IOptions<AuthOptions> options, CookieNames names, IDataProtectionProvider protection, FrontEndOrigins allowed)
{
    private const string Key = "blazorauth.return";
    private const int LongestInState = 300;
    private const int ChunkLength = 3900;
    private const int MaxChunks = 6;
    private const int IdBytes = 6;

    /// <summary>How many bytes of other sign-ins' addresses a browser keeps beside a new one.</summary>
    private const int MostKept = 5000;

    /// <summary>How many are dropped with one answer, as many as it may set: another site of the same domain can plant hundreds, and proxies refuse an answer that large.</summary>
    private const int MostDropped = MaxChunks;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    private readonly IDataProtector _protector = protection.CreateProtector("BlazorAuth.FlowReturn");

    /// <summary>Takes a long address out of the state that is about to be written.</summary>
    public static void Keep(AuthRequest request, AuthProvider provider, AuthenticationProperties properties)
    {
        if (properties.RedirectUri is not { Length: > LongestInState } address)
        {
            return;
        }

        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        properties.RedirectUri = ReturnUrl.Home(request.Address).Text;
        properties.Items[Key] = id;
        request.Http.Features.Set(new Pending(id, address, PathOf(request, provider)));
    }

    /// <summary>Gives the browser the address that was taken out, once it is known how the answer will come.</summary>
    public void Write(AuthRequest request, bool answersByPost)
    {
        if (request.Http.Features.Get<Pending>() is not { Address: { } address } pending)
        {
            return;
        }

        var value = Protect(pending.Id, address);
        DropOthers(request, pending.Path, Math.Max(0, MostKept - value.Length));
        var sameSite = answersByPost ? SameSiteMode.None : options.Value.Cookies.SameSite;
        for (var i = 0; i * ChunkLength < value.Length; i++)
        {
            var chunk = value.Substring(i * ChunkLength, Math.Min(ChunkLength, value.Length - (i * ChunkLength)));
            new SetCookie(Name(pending.Id, i), chunk, request.Address.IsSecure, sameSite) { MaxAge = Lifetime, Path = pending.Path }.AppendTo(request.Http.Response);
        }
    }

    /// <summary>Where the person of a state goes; null when it says nothing that may be followed.</summary>
    public ReturnUrl? Of(AuthRequest request, AuthenticationProperties? properties) => Of(request, properties, properties?.RedirectUri);

    /// <summary>The same where a handler has taken the address out of the state.</summary>
    public ReturnUrl? Of(AuthRequest request, AuthenticationProperties? properties, string? address)
    {
        if (properties?.Items.TryGetValue(Key, out var id) != true || id is null)
        {
            return ReturnUrl.Parse(address, request.Address, allowed);
        }

        request.Http.Features.Set(new Pending(id, null, request.Http.Features.Get<Pending>()?.Path ?? PathOf(request, null)));
        return Read(request, id) ?? ReturnUrl.Home(request.Address);
    }

    /// <summary>The address that waits under an id; null when none does.</summary>
    public ReturnUrl? Read(AuthRequest request, string id)
    {
        var value = new StringBuilder();
        for (var i = 0; i < MaxChunks && CookieHeader.Find(request.Http.Request, Name(id, i)) is { Length: > 0 } chunk; i++)
        {
            value.Append(chunk);
        }

        return ReturnUrl.Parse(Unprotect(id, value.ToString()), request.Address, allowed);
    }

    /// <summary>The id of the address that this callback used; null when it was in the state.</summary>
    public static string? UsedBy(AuthRequest request) => request.Http.Features.Get<Pending>()?.Id;

    public void Forget(AuthRequest request, string id)
    {
        for (var i = 0; i < MaxChunks && CookieHeader.Find(request.Http.Request, Name(id, i)) is not null; i++)
        {
            Delete(request, Name(id, i), request.Http.Features.Get<Pending>()?.Path ?? PathOf(request, null));
        }
    }

    // Browsers send the oldest first. Of those that are too many, the oldest go.
    private void DropOthers(AuthRequest request, string path, int room)
    {
        var others = new List<(string Name, int Length)>();
        foreach (var cookie in CookieHeader.In(request.Http.Request))
        {
            if (IsName(cookie.Name))
            {
                others.Add((cookie.Name.ToString(), cookie.Value.Length));
            }
        }

        var tooMany = others.Count;
        while (tooMany > 0 && (room -= others[tooMany - 1].Length) >= 0)
        {
            tooMany--;
        }

        foreach (var (name, _) in others.Take(Math.Min(tooMany, MostDropped)))
        {
            Delete(request, name, path);
        }
    }

    private static void Delete(AuthRequest request, string name, string path) =>
        (SetCookie.Deletion(name, request.Address.IsSecure, SameSiteMode.Lax) with { Path = path }).AppendTo(request.Http.Response);

    // Another site of the same domain can plant names that no header of an answer can hold.
    private bool IsName(ReadOnlySpan<char> name) => name.StartsWith(names.FlowReturn, StringComparison.Ordinal) && name[names.FlowReturn.Length..] is var rest
        && rest.Length == Base64Url.GetEncodedLength(IdBytes) + 2 && rest[^2] == '.' && char.IsAsciiDigit(rest[^1]) && Base64Url.IsValid(rest[..^2]);

    private string Name(string id, int chunk) => names.FlowReturn + id + "." + chunk.ToString(CultureInfo.InvariantCulture);

    // Sent to the endpoints only, unless the app chose a callback elsewhere: the app's pages have no use for it.
    private static string PathOf(AuthRequest request, AuthProvider? provider)
    {
        var callback = provider?.Options?.CallbackPath ?? request.Http.Request.Path;
        var path = request.Address.PathBase.ToUriComponent() + (AuthPaths.Covers(callback) ? AuthPaths.Base : "");
        return path.Length == 0 ? "/" : path;
    }

    private string Protect(string id, string address)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes($"{id}\n{address}"));
        }

        return Base64Url.EncodeToString(_protector.Protect(packed.ToArray()));
    }

    private string? Unprotect(string id, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        try
        {
            using var packed = new MemoryStream(_protector.Unprotect(Base64Url.DecodeFromChars(value)));
            using var deflate = new DeflateStream(packed, CompressionMode.Decompress);
            using var text = new StreamReader(deflate, Encoding.UTF8);
            var parts = text.ReadToEnd().Split('\n', 2);
            return parts.Length == 2 && parts[0] == id ? parts[1] : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or InvalidDataException)
        {
            // Not BlazorAuth's, or truncated: the person goes to the home page.
            return null;
        }
    }

    private sealed record Pending(string Id, string? Address, string Path);
}
