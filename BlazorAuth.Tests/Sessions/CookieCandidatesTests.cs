using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Every token that a request may carry under one name. Production line: CookieCandidates.In.</summary>
public sealed class CookieCandidatesTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("s=a", false)]
    [InlineData("s=a; s=", false)]
    [InlineData("s=a; S=b; sx=c; s.x=d", false)]
    [InlineData("s=a; s.0=", false)]
    [InlineData("s=; s=a", true)]
    [InlineData("s=a; s=b", true)]
    [InlineData("s=a; s=a", true)]
    [InlineData("s.0=a", true)]
    [InlineData("s.99=a", true)]
    public void ASecondCookieOrAChunkMeansThatThereMayBeSeveral(string header, bool areSeveral) => Assert.Equal(areSeveral, CookieCandidates.AreSeveral(Request(header), "s"));

    [Theory]
    [InlineData("")]
    [InlineData("s=a", "a")]
    [InlineData("s=b; s=a; s=b", "b", "a")]
    [InlineData("s=; s=a%2Eb; S=c; s.x=d", "a.b")]
    [InlineData("s.0=aa; s.1=%62", "aab")]
    [InlineData("s.1=b; s.0=aa; s=whole", "whole", "aab")]
    [InlineData("s.1=b")]
    [InlineData("s.0=; s.1=b")]
    [InlineData("s.0=aa; s.2=c", "aa")]
    [InlineData("s.0=aa; s.1=b; s.20=x; s.99=x", "aab")]
    [InlineData("s.0=aa; s.1=b; s.0=cc; s.1=d", "aab", "aad", "ccb", "ccd")]
    [InlineData("s.0=aa; s.0=cc; s.1=b", "aab", "ccb")]
    [InlineData("s.0=aa; s.1=b; s.1=d", "aab", "aad")]
    [InlineData("s.0=aa; s.1=b; s.1=b; s.0=aa", "aab")]
    [InlineData("s.0=aa; s.1=b; s.2=x", "aab")]
    [InlineData("s.0=aa; s.1=bb; s.2=c", "aabbc")]
    [InlineData("s.0=aa; s.1=bb; s.2=c; s.3=xx", "aabbc")]
    [InlineData("s.0=a.b.; s.1=c..d; s.2=x", "a.b.c..d", "a.b.c..dx")]
    [InlineData("s.0=aa; s.1=bbb; s.2=c")]
    [InlineData("s.0=aa; s.1=aa; s.0=x", "aaaa")]
    public void WhatBelongsTogetherIsPutTogether(string header, params string[] candidates) => Assert.Equal(candidates, CookieCandidates.In(Request(header), "s"));

    [Fact]
    public void AsManyChunksAsATokenMayHaveArePutTogether()
    {
        var letters = Enumerable.Range(0, ChunkedCookie.MaxChunks).Select(number => (char)('a' + number)).ToArray();
        Assert.Equal([new string(letters)], CookieCandidates.In(Request(string.Join("; ", letters.Select((letter, number) => $"s.{number}={letter}"))), "s"));
    }

    [Theory]
    [InlineData("s")]
    [InlineData("s.0")]
    public void MoreThanAreLookedAtAreNotLookedAt(string name)
    {
        string Sent(int count) => string.Join("; ", Enumerable.Range(0, count).Select(number => $"{name}={number}"));
        Assert.Equal(CookieCandidates.Most, CookieCandidates.In(Request(Sent(CookieCandidates.Most)), "s")!.Count);
        Assert.Null(CookieCandidates.In(Request(Sent(CookieCandidates.Most + 1)), "s"));
        Assert.Null(CookieCandidates.In(Request(Sent(1000)), "s"));
    }

    [Theory]
    [InlineData(2, 4, true)]
    [InlineData(3, 3, false)]
    [InlineData(1, 9, false)]
    public void SetsOfChunksCountTogether(int firsts, int lasts, bool areLookedAt)
    {
        var cookies = Enumerable.Range(0, firsts).Select(number => $"s.0=a{number}").Concat(Enumerable.Range(0, lasts).Select(number => $"s.1={number}"));
        Assert.Equal(areLookedAt, CookieCandidates.In(Request(string.Join("; ", cookies)), "s") is not null);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void WholeValuesAndChunksCountTogether(int whole, bool areLookedAt)
    {
        var values = Enumerable.Range(0, whole).Select(number => $"s={number}");
        Assert.Equal(areLookedAt, CookieCandidates.In(Request($"s.0=a; s.0=b; {string.Join("; ", values)}"), "s") is not null);
    }

    // Chunks that all fit together until the last, which none of them fits: there are 8^10 ways to try.
    [Fact]
    public async Task ChunksThatNeverMakeATokenAreNotTriedForever()
    {
        var chunks = Enumerable.Range(1, 10).SelectMany(number => "abcdefgh".Select(letter => $"s.{number}={letter}"));
        var request = Request($"s.0=x; {string.Join("; ", chunks)}; s.11=too-long");

        Assert.Null(await Task.Run(() => CookieCandidates.In(request, "s"), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }

    private static HttpRequest Request(string cookies)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = cookies;
        return request;
    }
}
