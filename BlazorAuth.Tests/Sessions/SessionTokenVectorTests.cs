using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

public sealed class SessionTokenVectorTests
{
    private static readonly string[] Pinned = ["v5-no-exp", "v5-no-kid-second-secret"];

    public static TheoryData<string> Unchanged => [.. SessionTokenVectors.ById.Keys.Except(Pinned)];

    public static TheoryData<int> V5Keys => [.. Enumerable.Range(0, SessionTokenVectors.File["keys"]!["v5"]!.AsArray().Count)];

    public static TheoryData<int> V4Keys => [.. Enumerable.Range(0, SessionTokenVectors.File["keys"]!["v4"]!.AsArray().Count)];

    [Fact]
    public void AllVectorsAreHere()
    {
        Assert.Equal(55, SessionTokenVectors.ById.Count);
        Assert.Equal(53, Unchanged.Count);
    }

    [Theory]
    [MemberData(nameof(Unchanged))]
    public void ATokenIsReadAsAuthJsReadsIt(string id)
    {
        var vector = SessionTokenVectors.ById[id];

        var reading = vector.Read();

        Assert.Equal(vector.IsAccepted, reading.Succeeded);
        if (vector.IsAccepted)
        {
            Assert.True(JsonNode.DeepEquals(vector.Claims, JsonObject.Create(reading.Claims)), reading.Claims.GetRawText());
        }
    }

    [Fact]
    public void ATokenWithoutExpiryIsRefusedAlthoughAuthJsTakesItForEver()
    {
        Assert.True(SessionTokenVectors.ById["v5-no-exp"].IsAccepted);
        Assert.Equal(SessionRefusal.NoExpiry, SessionTokenVectors.ById["v5-no-exp"].Read().Refusal);
    }

    [Fact]
    public void ATokenWithoutKeyIdIsTriedWithEverySecretAlthoughAuthJsTriesTheFirstOnly()
    {
        Assert.False(SessionTokenVectors.ById["v5-no-kid-second-secret"].IsAccepted);

        var reading = SessionTokenVectors.ById["v5-no-kid-second-secret"].Read();

        Assert.True(reading.Succeeded);
        Assert.False(reading.IsCurrent);
        Assert.Equal("Ada Lovelace", reading.Text("name"));
    }

    [Theory]
    [InlineData("v5-expired", SessionRefusal.Expired)]
    [InlineData("v5-max-age-default", SessionRefusal.Expired)]
    [InlineData("v5-tampered-ciphertext", SessionRefusal.Undecryptable)]
    [InlineData("v5-tampered-header", SessionRefusal.Undecryptable)]
    [InlineData("v5-truncated-tag", SessionRefusal.Malformed)]
    [InlineData("v5-wrong-secret", SessionRefusal.UnknownKey)]
    [InlineData("v5-wrong-salt", SessionRefusal.UnknownKey)]
    [InlineData("v5-four-segments", SessionRefusal.Malformed)]
    [InlineData("v5-not-a-token", SessionRefusal.Malformed)]
    [InlineData("v5-rotated-out", SessionRefusal.UnknownKey)]
    [InlineData("v5-foreign-kid", SessionRefusal.UnknownKey)]
    [InlineData("v5-gcm-tampered", SessionRefusal.Undecryptable)]
    [InlineData("v5-exp-string", SessionRefusal.MalformedClaims)]
    [InlineData("v5-nbf-future", SessionRefusal.NotYetValid)]
    [InlineData("v5-alg-a256kw", SessionRefusal.UnknownAlgorithm)]
    [InlineData("v5-enc-a128cbc", SessionRefusal.UnknownAlgorithm)]
    [InlineData("v5-payload-array", SessionRefusal.MalformedClaims)]
    [InlineData("v5-payload-not-json", SessionRefusal.MalformedClaims)]
    [InlineData("v4-expired", SessionRefusal.Expired)]
    [InlineData("v4-wrong-secret", SessionRefusal.Undecryptable)]
    [InlineData("v5-read-as-v4", SessionRefusal.UnknownAlgorithm)]
    public void ARefusalNamesItsReason(string id, object reason) =>
        Assert.Equal(reason, SessionTokenVectors.ById[id].Read().Refusal);

    [Theory]
    [InlineData("v5-basic", true)]
    [InlineData("v5-rotated-new-token", true)]
    [InlineData("v5-rotated-old-token", false)]
    [InlineData("v5-gcm-legacy", false)]
    [InlineData("v4-basic", false)]
    public void OnlyOurFormatUnderTheFirstSecretIsCurrent(string id, bool isCurrent)
    {
        var reading = SessionTokenVectors.ById[id].Read();

        Assert.True(reading.Succeeded);
        Assert.Equal(isCurrent, reading.IsCurrent);
    }

    [Theory]
    [MemberData(nameof(V5Keys))]
    public void KeysAndKeyIdsAreDerivedAsRecorded(int index)
    {
        var recorded = SessionTokenVectors.File["keys"]!["v5"]![index]!;

        var key = new SessionKeyRing([(string)recorded["secret"]!]).For((string)recorded["salt"]!)[0];

        Assert.Equal((string?)recorded["key512hex"], Convert.ToHexStringLower(key.Cbc));
        Assert.Equal((string?)recorded["kid512"], key.CbcId);
        Assert.Equal((string?)recorded["key256hex"], Convert.ToHexStringLower(key.Gcm));
        Assert.Equal((string?)recorded["kid256"], key.GcmId);
    }

    [Theory]
    [MemberData(nameof(V4Keys))]
    public void KeysOfTheOldFormatAreDerivedAsRecorded(int index)
    {
        var recorded = SessionTokenVectors.File["keys"]!["v4"]![index]!;

        var key = new SessionKeyRing([(string)recorded["secret"]!]).ForV4((string)recorded["salt"]!)[0];

        Assert.Equal((string?)recorded["key256hex"], Convert.ToHexStringLower(key.Gcm));
    }
}
