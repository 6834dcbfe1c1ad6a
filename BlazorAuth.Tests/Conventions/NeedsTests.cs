using Xunit.Sdk;

namespace BlazorAuth.Tests.Conventions;

/// <summary>What keeps <c>./test.sh --fast</c> fast.</summary>
public sealed class NeedsTests
{
    [Theory]
    [InlineData("chromium", Needs.Browser)]
    [InlineData("node", Needs.Node)]
    [InlineData("npm", Needs.Node)]
    [InlineData("dotnet", Needs.Build)]
    public void WhoStartsOneOfTheSlowProgramsSaysSo(string program, string need) =>
        Assert.Contains($"[Needs(\"{need}\")]", Assert.Throws<TrueException>(() => Needs.Tool(program)).Message, StringComparison.Ordinal);
}
