using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Tests.Sessions;

/// <content>What is set and deleted.</content>
public sealed partial class SessionCookieTests
{
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
}
