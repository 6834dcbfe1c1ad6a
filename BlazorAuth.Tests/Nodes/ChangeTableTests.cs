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

        Assert.Equal([_table.Find(id)!.Value], _table.Remove(_ => true));
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

    // Between the look at a change and its removal a revocation of the same session may come from the store, where it is not read a second time.
    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("00112233445566778899aabbccddeeff")]
    public void NewsThatComeWhileWhatIsOldIsRemovedAreKept(string id)
    {
        var news = Change(id) with { Revoked = true, ChangedAt = Start.AddHours(1) };
        var hasCome = false;
        _table.Update(id, _ => Change(id));

        var removed = _table.Remove(change =>
        {
            if (!hasCome)
            {
                hasCome = true;
                _table.Update(id, _ => news);
            }

            return change.ChangedAt < news.ChangedAt;
        });

        Assert.Empty(removed);
        Assert.Equal(news, _table.Find(id));
    }

    private static SessionChange Change(string id) => new(id, Revoked: false, 2, Start.AddDays(30), Start);
}
