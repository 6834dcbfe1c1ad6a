using System.Text.Json;

namespace BlazorAuth.Tests.Sessions;

/// <content>What is no token of ours.</content>
public sealed partial class SessionTokenTests
{
    [Theory]
    [InlineData("""{"enc":"A256CBC-HS512","typ":"x","cty":null,"x":{"a":[1]},"alg":"dir"}""", SessionRefusal.None)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","typ":5}""", SessionRefusal.Undecryptable)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","x5t":{}}""", SessionRefusal.Undecryptable)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","zip":"DEF"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","zip":null}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","crit":["exp"],"exp":1}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"none","enc":"A256CBC-HS512"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"DIR","enc":"A256CBC-HS512"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir","enc":"A128CBC-HS256"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir","enc":"A192CBC-HS384"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":["dir"],"enc":"A256CBC-HS512"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"enc":"A256CBC-HS512"}""", SessionRefusal.UnknownAlgorithm)]
    [InlineData("""{"alg":"dir","enc":"A256GCM"}""", SessionRefusal.Malformed)]
    [InlineData("""{"alg":"none","alg":"dir","enc":"A256CBC-HS512"}""", SessionRefusal.Malformed)]
    [InlineData("""["dir"]""", SessionRefusal.Malformed)]
    [InlineData("\"dir\"", SessionRefusal.Malformed)]
    [InlineData("null", SessionRefusal.Malformed)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","kid":"\ud83d"}""", SessionRefusal.Malformed)]
    [InlineData("""{"alg":"\udc00","enc":"A256CBC-HS512"}""", SessionRefusal.Malformed)]
    [InlineData("", SessionRefusal.Malformed)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","kid":null}""", SessionRefusal.UnknownKey)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","kid":5}""", SessionRefusal.UnknownKey)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","kid":""}""", SessionRefusal.UnknownKey)]
    [InlineData("""{"alg":"dir","enc":"A256CBC-HS512","kid":"1mw7vntydviuaffsipykrvst3q9ils8-6a18hugc-qucqdx30sa5qqtg3vntfu3gjpktmdewijpbeyokp1x1da"}""", SessionRefusal.UnknownKey)]
    public void TheHeaderIsJudgedBeforeAnythingIsDecrypted(string header, object refusal) =>
        Assert.Equal(refusal, _tokens.Read(SealedToken.Seal(Key, header, """{"exp":9e15}"""), Salt, Now).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("....")]
    [InlineData(".....")]
    [InlineData("null")]
    public void WhatIsNoTokenIsRefused(string token) =>
        Assert.Equal(token.Length == 0 ? SessionRefusal.Empty : SessionRefusal.Malformed, _tokens.Read(token, Salt, Now).Refusal);

    [Fact]
    public void OnlyTheExactSpellingIsAToken()
    {
        var segments = Example.Split('.');

        foreach (var changed in new[]
        {
            Example + "=", Example + ".", " " + Example, Example + "\n", Example + "%20", Example.Replace('-', '+'), Example[..^1], Example[1..],
            string.Join('.', segments[0], "AA", segments[2], segments[3], segments[4]),
            string.Join('.', segments[0], "", "AAECAwQFBgcICQoLDA0O", segments[3], segments[4]),
            string.Join('.', segments[0], "", segments[2], "", segments[4]),
            string.Join('.', segments[0], "", segments[2], segments[3] + "AAAA", segments[4]),
            string.Join('.', segments[0] + "A", "", segments[2], segments[3], segments[4]),
        })
        {
            Assert.Equal(SessionRefusal.Malformed, _tokens.Read(changed, Salt, Now).Refusal);
        }
    }

    [Fact]
    public void TheOldFormatHasSizesOfItsOwn()
    {
        var (header, iv, text, tag) = (ExampleV4.Split('.')[0], ExampleV4.Split('.')[2], ExampleV4.Split('.')[3], ExampleV4.Split('.')[4]);

        foreach (var changed in new[]
        {
            $"{header}..{iv[..^4]}.{text}.{tag}", $"{header}..{iv}AAAA.{text}.{tag}", $"{header}..{iv}.{text}.{tag[..^2]}", $"{header}..{iv}.{text}.{tag}AA",
            $"{header}..{iv}.{text[..^2]}.{tag}", $"{header}.AA.{iv}.{text}.{tag}",
        })
        {
            Assert.Equal(SessionRefusal.Malformed, _tokens.Read(changed, Salt, Now).Refusal);
            Assert.Equal(SessionRefusal.Malformed, _tokens.ReadV4(changed, Now).Refusal);
        }

        Assert.Equal(SessionRefusal.Undecryptable, _tokens.ReadV4($"{header}..{iv}.{text[..^3]}.{tag}", Now).Refusal);
        Assert.Equal(SessionRefusal.Empty, _tokens.ReadV4("", Now).Refusal);
        Assert.Equal(SessionRefusal.UnknownAlgorithm, _tokens.ReadV4(Example, Now).Refusal);
    }

    [Fact]
    public void EveryChangedCharacterOfIvTextAndTagIsNoticed()
    {
        var body = Example.IndexOf("..", StringComparison.Ordinal) + 2;
        for (var i = body; i < Example.Length; i++)
        {
            // The last character of a segment has bits that do not belong to any byte; whether those are refused says nothing about the content.
            if (Example[i] == '.' || i == Example.Length - 1 || Example[i + 1] == '.')
            {
                continue;
            }

            var changed = Example[..i] + (Example[i] == 'A' ? 'B' : 'A') + Example[(i + 1)..];
            Assert.Equal(SessionRefusal.Undecryptable, _tokens.Read(changed, Salt, Now).Refusal);
        }
    }

    [Fact]
    public void ARefusedTokenShowsNoClaims()
    {
        var reading = _tokens.Read(Example, Salt, Now.AddYears(100));

        Assert.Equal(SessionRefusal.Expired, reading.Refusal);
        Assert.Equal(JsonValueKind.Undefined, reading.Claims.ValueKind);
        Assert.Null(reading.Text("sub"));
    }
}
