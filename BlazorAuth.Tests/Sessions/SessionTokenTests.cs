using System.Globalization;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

public sealed partial class SessionTokenTests
{
    private const string Secret = "Zk3vN0bq7Yt1cWmR5uXh8sLpDf2gJa6e";
    private const string Salt = "authjs.session-token";
    private const string PlainHeader = """{"alg":"dir","enc":"A256CBC-HS512"}""";

    // Plaintext, IV and token of the worked examples in the description of the format.
    private const string ExampleContent =
        """{"name":"Ada","email":"ada@example.com","sub":"u-1","iat":1748736000,"exp":3325536000,"jti":"00000000-0000-4000-8000-000000000001"}""";

    private const string ExampleKeyId = "1Mw7VnTydVIUafFSIPYkrVst3q9ILs8-6A18huGC-QUCqdx30sA5QQtg3vnTfU3gjpKTMDeWijpBeyokP1x1DA";

    private const string Example =
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiMU13N1ZuVHlkVklVYWZGU0lQWWtyVnN0M3E5SUxzOC02QTE4aHVHQy1RVUNxZHgzMHNBNVFRdGczdm5UZlUzZ2pwS1RNRGVXaWpwQmV5b2tQMXgxREEifQ."
        + ".AAECAwQFBgcICQoLDA0ODw.3PFwZi-_Nsf1b_GQfJzoCApt2zpMbcPLzFDEnkDR4iIAqiMFXJDmhWiV_7_KDb1Kie8CU-X3c77Igj8wLss1XPK6bEix2ASRH7XC9X4B3aZhVrrumIgvBCQ2Lsx4kFcgKE1-3-U1HbprffuBt9kvs8XLzVEUdvc5MAfKTDC0HDT4yyIa3ZgS8B9a1IBoKZGf"
        + ".PVENFATOuw0-fSQpFQVLmuik6dcz-Q5CBH-bUL5cMBI";

    private const string ExampleV4 =
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAECAwQFBgcICQoL.WE7fFpEhXsLVCtkpkHqhzllRMmxeVQFjtKR9RNkU_0uMYDlx4O8P6cZ9Dgy6Lpo9J5JXyYLycyoEvihtQPAbLFnocAlCOaBDmE-oQzKpxACZkurmoPpFRFIYV6ZMiPD2qurwmy0HBOsJCXlmeJiNclj4_sRrOHqlmvdlNc1zd2unaUY"
        + ".J5SdCNlz8AFKOAuPWu3hNQ";

    private static readonly DateTimeOffset Now = new(2025, 6, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly SessionKeyRing _keys = new([Secret]);
    private readonly SessionToken _tokens;

    public SessionTokenTests() => _tokens = new SessionToken(_keys);

    private byte[] Key => _keys.For(Salt)[0].Cbc;

    [Fact]
    public void TheWorkedExampleIsReadByteForByte()
    {
        var iv = Enumerable.Range(0, 16).Select(number => (byte)number).ToArray();
        Assert.Equal(Example, SealedToken.Seal(Key, $$"""{"alg":"dir","enc":"A256CBC-HS512","kid":"{{ExampleKeyId}}"}""", ExampleContent, iv));
        Assert.Equal(435, Example.Length);

        var reading = _tokens.Read(Example, Salt, Now);

        Assert.Equal(ExampleContent, reading.Claims.GetRawText());
        Assert.True(reading.IsCurrent);
        Assert.Equal(("u-1", "Ada", "ada@example.com", null), (reading.Text("sub"), reading.Text("name"), reading.Text("email"), reading.Text("picture")));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1748736000), reading.Time("iat"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(3325536000), reading.Time("exp"));
    }

    [Fact]
    public void TheWorkedExampleOfTheOldFormatIsReadByteForByte()
    {
        Assert.Equal("c99732bcee3714d65cc4143d2741c87d708aca03cc54b259bfc53a10c13dc216", Convert.ToHexStringLower(_keys.ForV4()[0].Gcm));
        Assert.Equal(ExampleContent, _tokens.ReadV4(ExampleV4, Now).Claims.GetRawText());
    }

    [Fact]
    public void WhatWeWriteOpensByTheLetterOfTheStandard()
    {
        var token = _tokens.Write(new JsonObject { ["name"] = "Zoë <b>", ["sub"] = "u-1", ["note"] = null }, Salt, Now.AddMilliseconds(900), Now.AddDays(30));

        var (header, content) = SealedToken.Open(Key, token);

        Assert.Equal(["alg", "enc", "kid"], header.Select(member => member.Key).Take(3));
        Assert.Equal(("dir", "A256CBC-HS512", ExampleKeyId), ((string?)header["alg"], (string?)header["enc"], (string?)header["kid"]));
        var claims = JsonNode.Parse(content)!.AsObject();
        Assert.Equal(["name", "sub", "note", "iat", "exp", "jti"], claims.Select(member => member.Key));
        Assert.StartsWith("""{"name":"Zoë <b>","sub":"u-1","note":null,"iat":1748822400,"exp":1751414400,"jti":""", content, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", (string?)claims["jti"]);
    }

    [Fact]
    public void ARenewalKeepsUnknownClaimsToTheDigit()
    {
        var content = """{"x":1.50,"big":1e21,"deep":{"a":[null,true,0.1]},"jti":"old","iat":1,"exp":3325536000}""";
        var first = _tokens.Read(SealedToken.Seal(Key, PlainHeader, content), Salt, Now);

        var second = _tokens.Read(_tokens.Write(JsonObject.Create(first.Claims)!, Salt, Now, Now.AddDays(1)), Salt, Now);

        Assert.StartsWith("""{"x":1.50,"big":1e21,"deep":{"a":[null,true,0.1]},"iat":1748822400,"exp":1748908800,"jti":""", second.Claims.GetRawText(), StringComparison.Ordinal);
        Assert.NotEqual("old", second.Text("jti"));
    }

    [Fact]
    public void WritingLeavesTheCallersClaimsAloneAndNeverRepeatsAToken()
    {
        var claims = new JsonObject { ["sub"] = "u-1", ["iat"] = 7 };

        Assert.NotEqual(_tokens.Write(claims, Salt, Now, Now.AddDays(1)), _tokens.Write(claims, Salt, Now, Now.AddDays(1)));
        Assert.Equal("""{"sub":"u-1","iat":7}""", claims.ToJsonString());
    }

    [Fact]
    public void LivesBeyond2038AreWrittenAndRead()
    {
        var reading = _tokens.Read(_tokens.Write([], Salt, Now.AddYears(20), Now.AddYears(40)), Salt, Now.AddYears(39));

        Assert.Equal(Now.AddYears(40), reading.Time("exp"));
        Assert.Equal(Now.AddYears(20), reading.Time("iat"));
    }

    [Theory]
    [InlineData("\"exp\":{0}", -15, SessionRefusal.Expired)]
    [InlineData("\"exp\":{0}", -14, SessionRefusal.None)]
    [InlineData("\"exp\":{0}.5", -15, SessionRefusal.None)]
    [InlineData("\"exp\":9e15,\"nbf\":{0}", 15, SessionRefusal.None)]
    [InlineData("\"exp\":9e15,\"nbf\":{0}", 16, SessionRefusal.NotYetValid)]
    [InlineData("\"exp\":9e15,\"iat\":{0}", 1000000, SessionRefusal.None)]
    [InlineData("\"exp\":1e300", 0, SessionRefusal.None)]
    [InlineData("\"exp\":-1e300", 0, SessionRefusal.Expired)]
    [InlineData("\"exp\":1e999", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"exp\":null", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"exp\":true", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"exp\":9e15,\"iat\":\"{0}\"", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"exp\":9e15,\"nbf\":[]", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"exp\":9e15,\"exp\":9e15", 0, SessionRefusal.MalformedClaims)]
    [InlineData("\"sub\":\"u-1\"", 0, SessionRefusal.NoExpiry)]
    public void TimesAreNumbersAndHaveFifteenSecondsOfTolerance(string claims, int offset, object refusal)
    {
        var time = (Now.ToUnixTimeSeconds() + offset).ToString(CultureInfo.InvariantCulture);
        var token = SealedToken.Seal(Key, PlainHeader, "{" + claims.Replace("{0}", time, StringComparison.Ordinal) + "}");

        Assert.Equal(refusal, _tokens.Read(token, Salt, Now.AddMilliseconds(999)).Refusal);
    }

    [Fact]
    public void AClaimThatIsNotTextIsNotShownAsText()
    {
        var reading = _tokens.Read(SealedToken.Seal(Key, PlainHeader, """{"sub":5,"name":null,"blazorauth.sid":"s-1","exp":9e15}"""), Salt, Now);

        Assert.Equal((null, null, "s-1"), (reading.Text("sub"), reading.Text("name"), reading.Text("blazorauth.sid")));
    }

    [Theory]
    [InlineData("""Ada \ud83d""", "Ada \uFFFD")]
    [InlineData("""\uDC00\uD83D Ada""", "\uFFFD\uFFFD Ada")]
    [InlineData("""\ud83d\ud83d\ude00""", "\uFFFD\U0001F600")]
    [InlineData("""\\ud83d \"\u0041""", """\ud83d "A""")]
    [InlineData("""\\\ud83d""", "\\\uFFFD")]
    public void HalfACharacterFromJavaScriptIsReplaced(string escaped, string name)
    {
        var reading = _tokens.Read(SealedToken.Seal(Key, PlainHeader, "{\"exp\":9e15,\"name\":\"" + escaped + "\"}"), Salt, Now);

        Assert.Equal(name, reading.Text("name"));
        Assert.Equal(name, _tokens.Read(_tokens.Write(JsonObject.Create(reading.Claims)!, Salt, Now, Now.AddDays(1)), Salt, Now).Text("name"));
    }

    [Fact]
    public void ManyThreadsReadAtOnce() => Parallel.For(0, 2000, _ => Assert.Equal("u-1", _tokens.Read(Example, Salt, Now).Text("sub")));
}
