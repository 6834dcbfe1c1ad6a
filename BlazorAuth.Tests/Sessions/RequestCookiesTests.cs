using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Tests.Sessions;

public sealed class RequestCookiesTests
{
    [Theory]
    [InlineData("a=1", "1")]
    [InlineData("b=2; a=1", "1")]
    [InlineData("b=2;a=1", "1")]
    [InlineData("a=1; a=2", "1")]
    [InlineData("A=0; a=1", "1")]
    [InlineData(" \t a \t = \t 1 \t ;", "1")]
    [InlineData("flag; a=1", "1")]
    [InlineData(";;; a=1;;", "1")]
    [InlineData("a=; a=1", "")]
    [InlineData("a=x=y==", "x=y==")]
    [InlineData("a=\"1\"", "\"1\"")]
    [InlineData("a=one two, three", "one two, three")]
    [InlineData("a=x%7Cy", "x|y")]
    [InlineData("a=%E6%97%A5%C3%A9+", "日é+")]
    [InlineData("a=%F0%9F%94%90", "🔐")]
    [InlineData("a=%41%zz", "%41%zz")]
    [InlineData("a=%41%4", "%41%4")]
    [InlineData("a=%41%", "%41%")]
    [InlineData("a=%41%+1", "%41%+1")]
    [InlineData("a=%41%FF", "%41%FF")]
    [InlineData("a=%C3x%A9", "%C3x%A9")]
    [InlineData("a=%ED%A0%80", "%ED%A0%80")]
    [InlineData("ab=1; xa=1; =a; aa", null)]
    [InlineData("", null)]
    public void ACookieIsReadAsAuthJsReadsIt(string header, string? value)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = header;

        Assert.Equal(value, CookieHeader.Find(request, "a"));
    }

    [Fact]
    public void TheFirstOfSeveralHeadersWins()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = new StringValues(["b=1", null, "", "a=2; c=3", "a=4"]);

        Assert.Equal("2", CookieHeader.Find(request, "a"));
        Assert.Equal("3", CookieHeader.Find(request, "c"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, "1")]
    [InlineData(2, "1", "A")]
    [InlineData(3, "1", "A", "3")]
    [InlineData(9, "1", "A", "3")]
    public void TheFirstOfANameAreFound(int most, params string[] values)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = new StringValues(["a=1; ab=2; A=2; a=%41", "b=2; a=3"]);

        Assert.Equal(values, CookieHeader.FindAll(request, "a", most));
        Assert.Empty(CookieHeader.FindAll(request, "c", most));
    }

    [Fact]
    public void PairsAreReadInOrderAsTheyStand()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = new StringValues([" a = %41 ;=b;flag;;", null, "\tc=\t;d=e=f"]);
        var pairs = new List<(string, string)>();
        foreach (var cookie in CookieHeader.In(request))
        {
            pairs.Add((cookie.Name.ToString(), cookie.Value.ToString()));
        }

        Assert.Equal([("a", "%41"), ("", "b"), ("c", ""), ("d", "e=f")], pairs);
    }

    [Fact]
    public void AValueWithoutEscapesCostsNoMoreThanItself()
    {
        var value = new string('x', 4000);
        Assert.Equal(value, CookieHeader.Decode(value));

        var before = GC.GetAllocatedBytesForCurrentThread();
        CookieHeader.Decode(value);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 8000, 8100);
    }

    [Fact]
    public void ForeignCookiesCostNoAllocation()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Cookie = string.Join("; ", Enumerable.Range(0, 200).Select(number => $"foreign{number}=%41{number}"));
        Assert.Null(CookieHeader.Find(request, "a"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = CookieHeader.Find(request, "a") ?? ChunkedCookie.Read(request, "authjs.session-token");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(found);
        Assert.Equal(0, allocated);
    }
}
