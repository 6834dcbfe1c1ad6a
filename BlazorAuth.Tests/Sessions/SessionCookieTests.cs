using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Tests.Sessions;

public sealed class SessionCookieTests
{
    private const string Name = "authjs.session-token";
    private const string Attributes = "; Path=/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; SameSite=Lax";
    private const string Gone = "=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";

    private static readonly DateTimeOffset Expires = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<string> ChunkedVectors =>
        [.. SessionTokenVectors.ById.Values.Where(vector => vector.Chunks.Any()).Select(vector => vector.Id)];

    [Fact]
    public void ThereAreChunkedVectorsOfBothFormats() =>
        Assert.Equal(["v4-big-chunked", "v5-big-chunked", "v5-many-chunks"], ChunkedVectors.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Fact]
    public void TheNameFollowsTheScheme()
    {
        var names = new CookieNames(Options.Create(new AuthOptions()));
        Assert.Equal("authjs.session-token", names.Session(isSecure: false));
        Assert.Equal("__Host-authjs.session-token", names.Session(isSecure: true));
        Assert.True(names.IsSessionGuarded(isSecure: true));
        Assert.False(names.IsSessionGuarded(isSecure: false));
        var shared = new AuthOptions();
        (shared.Cookies.Prefix, shared.Cookies.ShareWithAuthJs) = ("next-auth", true);
        names = new CookieNames(Options.Create(shared));
        Assert.Equal("__Secure-next-auth.session-token", names.Session(isSecure: true));
        Assert.Equal("next-auth.session-token", names.Session(isSecure: false));
        Assert.False(names.IsSessionGuarded(isSecure: true));
    }

    [Theory]
    [MemberData(nameof(ChunkedVectors))]
    public void RecordedChunksAreJoinedInWhateverOrderTheyCome(string id)
    {
        var vector = SessionTokenVectors.ById[id];
        var name = vector.Chunks.First().Name[..^2];
        var pairs = vector.Chunks.Select(chunk => chunk.Name + "=" + chunk.Value).ToArray();

        Assert.Equal(vector.Token, Read(string.Join("; ", pairs), name));
        Assert.Equal(vector.Token, Read(string.Join("; ", pairs.Reverse()), name));
        Assert.Equal(vector.Token, Read(string.Join("; ", pairs.Order(StringComparer.Ordinal)), name));
    }

    [Theory]
    [InlineData("v5-big-chunked")]
    [InlineData("v5-many-chunks")]
    public void LongTokensAreCutAsRecorded(string id)
    {
        var vector = SessionTokenVectors.ById[id];
        var name = vector.Chunks.First().Name[..^2];
        var context = Context("");

        ChunkedCookie.Write(context, name, vector.Token, Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal(vector.Chunks.Select(chunk => chunk.Name + "=" + chunk.Value + Attributes), Answer(context));
    }

    [Theory]
    [InlineData(3936, 1)]
    [InlineData(3937, 2)]
    [InlineData(7872, 2)]
    [InlineData(7873, 3)]
    public void ACookieHoldsExactly3936Characters(int length, int cookies)
    {
        var context = Context("");

        ChunkedCookie.Write(context, Name, new string('x', length), Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal(cookies, Answer(context).Length);
        Assert.StartsWith(cookies == 1 ? Name + "=" : Name + ".0=", Answer(context)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authjs.session-token=t", "t")]
    [InlineData("authjs.session-token=first; authjs.session-token=second", "first")]
    [InlineData("authjs.session-token=; authjs.session-token=second", null)]
    [InlineData("AUTHJS.session-token=other; authjs.session-token=t", "t")]
    [InlineData("authjs.session-token-other=x; authjs.session-tokenX=x; authjs.session-token.x=x; authjs.session-token=t", "t")]
    [InlineData("authjs.session-token-other=x; authjs.session-token.x=x; authjs.session-token.=x; authjs.session-token.-1=x", null)]
    [InlineData("authjs.session-token.0=a; authjs.session-token.1=b", "ab")]
    [InlineData("authjs.session-token.1=b; authjs.session-token.0=a; authjs.session-token.0=z; authjs.session-token.1=z", "ab")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.00=x; authjs.session-token.01=x; authjs.session-token.1=b", "ab")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.+1=x; authjs.session-token.1.0=x; authjs.session-token.١=x", "a")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.1=", "a")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.1=; authjs.session-token.1=b", "a")]
    [InlineData("authjs.session-token.1=b", "")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.2=c", "")]
    [InlineData("authjs.session-token.0=; authjs.session-token.1=b", "")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.20=x", "")]
    [InlineData("authjs.session-token.99=x", "")]
    [InlineData("authjs.session-token.20=x; authjs.session-token.21=x", "")]
    [InlineData("authjs.session-token.20=x; authjs.session-token.21=", "")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.20=", "a")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.100=x; authjs.session-token.4294967296=x; authjs.session-token.99999999999999999999999=x", "a")]
    [InlineData("authjs.session-token.0=a; authjs.session-token.1=b; authjs.session-token=whole", "whole")]
    [InlineData("authjs.session-token=whole; authjs.session-token.5=x", "whole")]
    [InlineData("authjs.session-token=; authjs.session-token.0=a", "a")]
    [InlineData("authjs.session-token=a%2Eb", "a.b")]
    [InlineData("other=1", null)]
    public void OnlyExactNamesCount(string header, string? token) => Assert.Equal(token, Read(header));

    [Fact]
    public void AnAbsurdNumberOfChunksIsNotPutTogether()
    {
        var header = string.Join("; ", Enumerable.Range(0, 1000).Select(number => $"{Name}.{number}={new string('x', 4000)}"));
        var request = Context(header).Request;
        Assert.Equal("", ChunkedCookie.Read(request, Name));

        var before = GC.GetAllocatedBytesForCurrentThread();
        ChunkedCookie.Read(request, Name);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 2L * ChunkedCookie.MaxChunks * 4100);
    }

    [Fact]
    public void AWholeCookieIsSetWithTheAttributesOfAuthJs()
    {
        var context = Context("");

        ChunkedCookie.Write(context, "__Secure-" + Name, "t.t", Expires, secure: true, SameSiteMode.None);

        Assert.Equal(
            ["__Secure-authjs.session-token=t.t; Path=/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; Secure; SameSite=None"],
            Answer(context));
    }

    [Fact]
    public void APartitionedCookieIsWrittenAndDeletedAsOne()
    {
        var (written, deleted) = (Context($"{Name}=old; {Name}.0=old"), Context($"{Name}=old; {Name}.0=old"));

        ChunkedCookie.Write(written, Name, "t", Expires, secure: true, SameSiteMode.None, partitioned: true);
        ChunkedCookie.Delete(deleted, Name, secure: true, SameSiteMode.None, partitioned: true);

        Assert.Equal(4, Answer(written).Length + Answer(deleted).Length);
        Assert.All(Answer(written).Concat(Answer(deleted)), header => Assert.EndsWith("; Partitioned", header, StringComparison.Ordinal));
    }

    [Fact]
    public void GrowingIntoChunksDeletesTheWholeCookie()
    {
        var context = Context(Name + "=old; unrelated=1");

        ChunkedCookie.Write(context, Name, new string('x', 3937), Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal([$"{Name}.0={new string('x', 3936)}{Attributes}", $"{Name}.1=x{Attributes}", Name + Gone], Answer(context));
    }

    [Fact]
    public void ShrinkingDeletesTheChunksLeftOver()
    {
        var context = Context(string.Join("; ", Enumerable.Range(0, 4).Select(number => $"{Name}.{number}=old")));

        ChunkedCookie.Write(context, Name, new string('x', 3937), Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal([$"{Name}.0={new string('x', 3936)}{Attributes}", $"{Name}.1=x{Attributes}", Name + ".2" + Gone, Name + ".3" + Gone], Answer(context));
    }

    [Fact]
    public void ShrinkingToAWholeCookieDeletesEveryChunk()
    {
        var context = Context($"{Name}.1=old; {Name}.0=old");

        ChunkedCookie.Write(context, Name, "t", Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal([Name + "=t" + Attributes, Name + ".0" + Gone, Name + ".1" + Gone], Answer(context));
    }

    [Fact]
    public void DeletingDeletesAllThatCameAndNothingElse()
    {
        var context = Context($"{Name}.19=x; {Name}.20=x; {Name}.50=x; {Name}-other=1; {Name}=a; {Name}.0=b; {Name}.x=1; {Name}.00=1; {Name}.123=1; {Name}.0=c");

        ChunkedCookie.Delete(context, Name, secure: false, SameSiteMode.Lax);

        Assert.Equal([Name + Gone, Name + ".0" + Gone, Name + ".19" + Gone], Answer(context));
    }

    // A neighbour may have set a hundred: an answer that deleted them all would be more than a proxy takes (nginx: 4 or 8 KB).
    [Fact]
    public void DeletingWhatANeighbourSetStaysSmall()
    {
        var context = Context(string.Join("; ", Enumerable.Range(0, 99).Select(number => $"__Secure-{Name}.{number}=x")));

        ChunkedCookie.Delete(context, "__Secure-" + Name, secure: true, SameSiteMode.Lax);

        Assert.InRange(Answer(context).Sum(header => "Set-Cookie: \r\n".Length + header.Length), 1, 2500);
    }

    [Fact]
    public void DeletingWithoutACookieSaysNothing()
    {
        var context = Context("unrelated=1");

        ChunkedCookie.Delete(context, Name, secure: false, SameSiteMode.Lax);

        Assert.Empty(Answer(context));
        Assert.False(context.Response.Headers.ContainsKey("Set-Cookie"));
    }

    [Fact]
    public void TheLastWordInOneAnswerCounts()
    {
        var context = Context(Name + "=old");
        context.Response.Headers.SetCookie = "unrelated=1; Path=/";

        ChunkedCookie.Write(context, Name, new string('x', 4000), Expires, secure: false, SameSiteMode.Lax);
        ChunkedCookie.Delete(context, Name, secure: false, SameSiteMode.Lax);
        Assert.Equal(["unrelated=1; Path=/", Name + Gone], Answer(context));

        ChunkedCookie.Write(context, Name, "t", Expires, secure: false, SameSiteMode.Lax);
        Assert.Equal(["unrelated=1; Path=/", Name + "=t" + Attributes], Answer(context));
    }

    [Fact]
    public void WhatOthersSetIsNotTakenBack()
    {
        var context = Context("");
        string?[] others = [Name, Name + "-other=1", null, "=1", "flag", Name + ".x=1"];
        context.Response.Headers.SetCookie = new StringValues([.. others, Name + "=pending", Name + ".7=pending"]);

        ChunkedCookie.Delete(context, Name, secure: false, SameSiteMode.Lax);

        Assert.Equal(others, Answer(context));
    }

    [Fact]
    public void TheLongestTokenIsReadBack()
    {
        var token = string.Concat(Enumerable.Range(0, ChunkedCookie.MaxChunks).Select(number => new string((char)('a' + number), ChunkedCookie.ChunkLength)));
        var context = Context("");

        ChunkedCookie.Write(context, Name, token, Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal(ChunkedCookie.MaxChunks, Answer(context).Length);
        Assert.Equal(token, Read(string.Join("; ", Answer(context).Select(header => header.Split(';')[0]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((ChunkedCookie.ChunkLength * ChunkedCookie.MaxChunks) + 1)]
    public void ATokenThatCouldNotBeReadBackIsNotWritten(int length)
    {
        var context = Context(Name + "=old");

        var refused = Assert.Throws<InvalidOperationException>(
            () => ChunkedCookie.Write(context, Name, new string('x', length), Expires, secure: false, SameSiteMode.Lax));
        Assert.Contains($" {length} characters does not fit into cookies (limit: 78720). Put less", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Answer(context));
    }

    private static string? Read(string header, string name = Name) => ChunkedCookie.Read(Context(header).Request, name);

    private static DefaultHttpContext Context(string cookies)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookies;
        return context;
    }

    private static string[] Answer(HttpContext context) => context.Response.Headers.SetCookie.ToArray()!;
}
