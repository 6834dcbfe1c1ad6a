using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Sessions;

public sealed partial class SessionCookieTests
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
    public void TheLongestTokenIsReadBack()
    {
        var token = string.Concat(Enumerable.Range(0, ChunkedCookie.MaxChunks).Select(number => new string((char)('a' + number), ChunkedCookie.ChunkLength)));
        var context = Context("");

        ChunkedCookie.Write(context, Name, token, Expires, secure: false, SameSiteMode.Lax);

        Assert.Equal(ChunkedCookie.MaxChunks, Answer(context).Length);
        Assert.Equal(token, Read(string.Join("; ", Answer(context).Select(header => header.Split(';')[0]))));
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
