using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

public sealed class SecretRotationTests
{
    private const string Salt = "__Secure-authjs.session-token";

    private static readonly DateTimeOffset Now = new(2025, 6, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ANewSecretInFrontWritesAndTheOldOneStillReads()
    {
        var old = new SessionToken(new SessionKeyRing(["old"]));
        var rotated = new SessionToken(new SessionKeyRing(["new", "old"]));
        var finished = new SessionToken(new SessionKeyRing(["new"]));

        var before = rotated.Read(Write(old), Salt, Now);
        Assert.True(before.Succeeded);
        Assert.False(before.IsCurrent);

        var renewed = rotated.Write(JsonObject.Create(before.Claims)!, Salt, Now, Now.AddDays(1));
        Assert.True(rotated.Read(renewed, Salt, Now).IsCurrent);
        Assert.Equal("u-1", finished.Read(renewed, Salt, Now).Text("sub"));
        Assert.Equal(SessionRefusal.UnknownKey, old.Read(renewed, Salt, Now).Refusal);
        Assert.Equal(SessionRefusal.UnknownKey, finished.Read(Write(old), Salt, Now).Refusal);
    }

    [Fact]
    public void AnotherCookieNameIsAnotherKey()
    {
        var tokens = new SessionToken(new SessionKeyRing(["secret"]));

        Assert.Equal(SessionRefusal.UnknownKey, tokens.Read(Write(tokens), "authjs.session-token", Now).Refusal);
    }

    [Fact]
    public void TheKeyIdOfOneSecretNeverSelectsAnother()
    {
        var keys = new SessionKeyRing(["new", "old"]);
        var (first, second) = (keys.For(Salt)[0], keys.For(Salt)[1]);
        var forged = SealedToken.Seal(second.Cbc, $$"""{"alg":"dir","enc":"A256CBC-HS512","kid":"{{first.CbcId}}"}""", """{"exp":9e15}""");

        Assert.Equal(SessionRefusal.Undecryptable, new SessionToken(keys).Read(forged, Salt, Now).Refusal);
    }

    [Fact]
    public void SecretsMustBeThere()
    {
        Assert.Throws<ArgumentException>(() => new SessionKeyRing([]));
        Assert.Throws<ArgumentException>(() => new SessionKeyRing(["good", ""]));
    }

    [Fact]
    public void KeysAreDerivedOncePerSalt()
    {
        var keys = new SessionKeyRing(["secret"]);

        Assert.Same(keys.For(Salt), keys.For(Salt));
        Assert.Same(keys.ForV4(), keys.ForV4());
        Assert.NotEqual(keys.For("")[0].Gcm, keys.ForV4()[0].Gcm);
    }

    private static string Write(SessionToken tokens) => tokens.Write(new JsonObject { ["sub"] = "u-1" }, Salt, Now, Now.AddDays(1));
}
