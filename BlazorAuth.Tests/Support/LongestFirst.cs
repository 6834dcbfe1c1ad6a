using System.Reflection;
using BlazorAuth.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace BlazorAuth.Tests;

/// <summary>
/// The tests that take long begin first, and the many short ones fill the rest, so that no processor is idle at the end while the last long ones run: what needs a browser,
/// Node.js or a build, then the classes with the most tests.
/// </summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderByDescending(collection => Weight(collection))];

    // What several classes share takes longest: they wait for each other.
    private static int Weight(ITestCollection collection) => ClassOf(collection) is not { } type ? int.MaxValue
        : type.GetCustomAttributes<NeedsAttribute>().Any() ? int.MaxValue - 1
        : type.GetMethods().Sum(method => Math.Max(method.GetCustomAttributes<InlineDataAttribute>().Count(), method.GetCustomAttributes<FactAttribute>().Count()));

    // "Test collection for BlazorAuth.Tests.Http.NginxTests (id: …)", or a name of its own.
    private static Type? ClassOf(ITestCollection collection) =>
        collection.TestCollectionDisplayName.Split(' ').Select(word => typeof(LongestFirst).Assembly.GetType(word)).FirstOrDefault(type => type is not null);
}
