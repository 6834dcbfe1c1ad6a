using Xunit.v3;

namespace BlazorAuth.Tests;

/// <summary>
/// Says that tests need more than this process and its databases: <see cref="Needs.Browser"/>, <see cref="Needs.Node"/> or <see cref="Needs.Build"/>.
/// <c>./test.sh --fast</c> leaves them out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class NeedsAttribute(string what) : Attribute, ITraitAttribute
{
    public const string Trait = "Needs";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, what)];
}
