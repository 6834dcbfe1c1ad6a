namespace BlazorAuth.Tests.Nodes;

/// <summary>What is known about many sessions is kept small, and whole.</summary>
public sealed class ChangeTableTests
{
    private static readonly DateTimeOffset Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(7);

    private readonly ChangeTable _table = new();

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("AAECAwQFBgcICQoLDA0ODx")]
    [InlineData("AAECAwQFBgcICQoLDA0O w")]
    [InlineData("AAECAwQFBgcICQoLDA0O==")]
    [InlineData("AAECAwQFBgcICQoLDA0O+w")]
    [InlineData("00112233445566778899aabbccddeeff")]
    [InlineData("")]
    public void AChangeIsFoundAsItWasWhateverTheIdOfItsSession(string id)
    {
        foreach (var change in (SessionChange[])[Change(id), Change(id) with { Revoked = true, Version = 7 }, Change(id) with { ReplacedBy = "other", EndsAt = Start.AddSeconds(30) }])
        {
            _table.Update(id, _ => change);

            Assert.Equal(change, _table.Find(id));
            Assert.Equal([change], _table.All());
            Assert.Equal(1, _table.Count);
        }

        _table.Remove(id);
        Assert.Null(_table.Find(id));
        Assert.Equal(0, _table.Count);
    }

    // The last character of an id of ours says two bits; with more it names the same bytes, and another session.
    [Fact]
    public void TwoIdsAreNeverOne()
    {
        _table.Update("AAECAwQFBgcICQoLDA0ODw", _ => Change("AAECAwQFBgcICQoLDA0ODw"));

        Assert.Null(_table.Find("AAECAwQFBgcICQoLDA0ODx"));
    }

    private static SessionChange Change(string id) => new(id, Revoked: false, 2, Start.AddDays(30), Start);
}
