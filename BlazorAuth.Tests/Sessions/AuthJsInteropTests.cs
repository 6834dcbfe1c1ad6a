using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Tokens and cookies exchanged with the real library, in both directions and on the real clock, which it insists on.</summary>
[Needs(Needs.Node)]
public sealed class AuthJsInteropTests
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public static TheoryData<string, bool> Cases => new()
    {
        { "authjs.session-token", false },
        { "authjs.session-token", true },
        { "__Secure-authjs.session-token", false },
        { "__Secure-authjs.session-token", true },
        { "__Host-authjs.session-token", false },
        { "__Host-authjs.session-token", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AuthJsReadsWhatWeWrite(string salt, bool rotated)
    {
        string[] secrets = rotated ? ["new-secret", "пароль-🔐"] : ["пароль-🔐"];
        var claims = Claims();
        var token = new SessionToken(new SessionKeyRing(["пароль-🔐"])).Write(claims, salt, _now, _now.AddDays(30));

        var results = await AuthJs.CallAsync(
            Call("decode", secrets, salt, ("token", token)),
            Call("decode", secrets, "another-name", ("token", token)),
            Call("decode", ["another-secret"], salt, ("token", token)));

        var read = results[0]!["value"]!.AsObject();
        Assert.Equal(_now.ToUnixTimeSeconds(), (long)read["iat"]!);
        Assert.Equal(_now.AddDays(30).ToUnixTimeSeconds(), (long)read["exp"]!);
        Assert.True(read.Remove("iat") && read.Remove("exp") && read.Remove("jti"));
        Assert.True(JsonNode.DeepEquals(claims, read), read.ToJsonString());
        Assert.NotNull(results[1]!["error"]);
        Assert.NotNull(results[2]!["error"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task WeReadWhatAuthJsWrites(string salt, bool rotated)
    {
        var claims = Claims();
        var results = await AuthJs.CallAsync(Call("encode", ["old-secret", "oldest"], salt, ("token", claims.DeepClone()), ("maxAge", 3600)));
        var token = (string)results[0]!["value"]!;

        var reading = new SessionToken(new SessionKeyRing(rotated ? ["new-secret", "old-secret"] : ["old-secret"])).Read(token, salt, _now);

        Assert.Equal(SessionRefusal.None, reading.Refusal);
        Assert.Equal(!rotated, reading.IsCurrent);
        Assert.Equal(TimeSpan.FromHours(1), reading.Time("exp") - reading.Time("iat"));
        var read = JsonObject.Create(reading.Claims)!;
        Assert.True(read.Remove("iat") && read.Remove("exp") && read.Remove("jti"));
        Assert.True(JsonNode.DeepEquals(claims, read), read.ToJsonString());
    }

    [Theory]
    [InlineData("__Host-authjs.session-token", 100, 1)]
    [InlineData("__Host-authjs.session-token", 9000, 4)]
    [InlineData("__Host-authjs.session-token", 32000, 11)]
    [InlineData("__Secure-authjs.session-token", 100, 1)]
    [InlineData("__Secure-authjs.session-token", 9000, 4)]
    [InlineData("__Secure-authjs.session-token", 32000, 11)]
    public async Task AuthJsReadsTheCookiesWeSet(string name, int size, int cookies)
    {
        var token = new SessionToken(new SessionKeyRing(["secret"]))
            .Write(new JsonObject { ["sub"] = "u-1", ["fill"] = new string('x', size) }, name, _now, _now.AddDays(1));
        var context = new DefaultHttpContext();

        ChunkedCookie.Write(context, name, token, _now.AddDays(1), secure: true, SameSiteMode.Lax);

        var pairs = context.Response.Headers.SetCookie.Select(header => header!.Split(';')[0]).ToArray();
        Assert.Equal(cookies, pairs.Length);
        var call = Call("getToken", ["secret"], name, ("secureCookie", true), ("cookieName", name), ("headers", new JsonObject { ["cookie"] = string.Join("; ", pairs) }));
        var results = await AuthJs.CallAsync(call);
        Assert.Equal("u-1", (string?)results[0]!["value"]!["sub"]);

        context.Request.Headers.Cookie = string.Join("; ", pairs.Reverse());
        Assert.Equal(token, ChunkedCookie.Read(context.Request, name));
    }

    private static JsonObject Claims() => new()
    {
        ["name"] = "Zoë 王小明 👩‍💻 \"<&>\" \u0001",
        ["email"] = "zoe@example.com",
        ["picture"] = null,
        ["sub"] = "u-1",
        ["blazorauth.sid"] = "s-1",
        ["roles"] = new JsonArray("admin", 1.5, true, null, new JsonObject()),
    };

    private static JsonObject Call(string call, string[] secrets, string salt, params (string Name, JsonNode? Value)[] parameters)
    {
        var all = new JsonObject { ["secret"] = new JsonArray([.. secrets.Select(secret => (JsonNode)secret)]), ["salt"] = salt };
        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        return new JsonObject { ["call"] = call, ["parameters"] = all };
    }
}
