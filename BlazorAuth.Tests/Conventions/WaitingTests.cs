using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BlazorAuth.Tests.Conventions;

/// <summary>
/// A thread that waits for our own I/O stops a circuit for ever and a node for seconds; an interval between two readings of a clock that is set back takes as
/// long as the step.
/// </summary>
public sealed class WaitingTests
{
    private static readonly string[] Waits = ["Wait", "WaitAll", "WaitAny", "WaitOne", "GetResult", "RunSynchronously", "Sleep", "SpinUntil"];
    private static readonly HashSet<string> Names = [.. Waits, "Result"];
    private static readonly string[] Awaitables = ["Task", "ValueTask"];

    // What a session has left, and how far two clocks are apart: no intervals.
    private static readonly string[] Differences =
    [
        "Sessions/SessionLifetimes.cs: session.ExpiresAt - clock.Earliest",
        "Circuits/CircuitClock.cs: _next - now",
        "Circuits/CircuitExpiry.cs: _clock.GetUtcNow() - earliest",
        "Endpoints/SessionsEndpoint.cs: clock.GetUtcNow() - at",
        "Sync/SharedClock.cs: machine.GetUtcNow() - NowBy(anchor)",
        "Sync/SharedClock.cs: now - (before is not null ? before.Time + machine.GetElapsedTime(before.At, at) : lastSeenAt ?? now)",
    ];

    [Fact]
    public void NoThreadWaitsForATask() => Assert.Equal(
        ["Circuits/KnownTask.cs: task.Result"], Files().SelectMany(file => WaitsIn(file.Root, file.Model).Select(node => $"{file.File}: {node}")));

    [Fact]
    public void IntervalsAreMeasuredByWhatHasPassed() => Assert.Equal(
        Differences.Order(StringComparer.Ordinal),
        Files().SelectMany(file => DifferencesIn(file.Root, file.Model).Select(node => $"{file.File}: {node}")).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("class C { int M(System.Threading.Tasks.Task<int> t) => t.Result; }", true)]
    [InlineData("class C { void M(System.Threading.Tasks.Task t) => t.Wait(); }", true)]
    [InlineData("class C { int M(System.Threading.Tasks.ValueTask<int> t) => t.GetAwaiter().GetResult(); }", true)]
    [InlineData("class C { void M(System.Threading.SemaphoreSlim s) => s.Wait(1); }", true)]
    [InlineData("class C { void M(System.Threading.Tasks.Task t) => System.Threading.Tasks.Task.WaitAll(t); }", true)]
    [InlineData("class C { void M() => System.Threading.Thread.Sleep(1); }", true)]
    [InlineData("class R { public int Result; } class C { int M(R r) => r.Result; }", false)]
    [InlineData("class C { async System.Threading.Tasks.Task M(System.Threading.SemaphoreSlim s) => await s.WaitAsync(); }", false)]
    public void AWaitIsFound(string code, bool isFound)
    {
        var (root, model) = Compile(code);
        Assert.Equal(isFound, WaitsIn(root, model).Any());
    }

    [Theory]
    [InlineData("class C { System.TimeSpan M(System.DateTimeOffset a, System.DateTimeOffset b) => a - b; }", true)]
    [InlineData("class C { System.TimeSpan? M(System.DateTime a, System.DateTime? b) => a - b; }", true)]
    [InlineData("class C { System.TimeSpan M(System.DateTimeOffset a, System.DateTimeOffset b) => a.Subtract(b); }", true)]
    [InlineData("class C { System.DateTimeOffset M(System.DateTimeOffset a, System.TimeSpan b) => a - b; }", false)]
    public void ADifferenceIsFound(string code, bool isFound)
    {
        var (root, model) = Compile(code);
        Assert.Equal(isFound, DifferencesIn(root, model).Any());
    }

    private static IEnumerable<(string File, SyntaxNode Root, SemanticModel Model)> Files() => CoreSources.Files().Concat(StorePackageSources.Files());

    private static IEnumerable<SyntaxNode> WaitsIn(SyntaxNode root, SemanticModel model) =>
        root.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => Names.Contains(access.Name.Identifier.Text)).Where(access => model.GetSymbolInfo(access).Symbol switch
        {
            IPropertySymbol property => Awaitables.Contains(property.ContainingType.Name),
            IMethodSymbol method => method.ContainingNamespace.ToDisplayString().StartsWith("System", StringComparison.Ordinal)
                && method.ContainingType.ContainingNamespace.ToDisplayString() is "System.Threading" or "System.Threading.Tasks" or "System.Runtime.CompilerServices",
            _ => false,
        });

    private static IEnumerable<SyntaxNode> DifferencesIn(SyntaxNode root, SemanticModel model) => root.DescendantNodes().Where(node => node switch
    {
        BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.SubtractExpression) => IsTime(model, binary.Left) && IsTime(model, binary.Right),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Subtract" } access, ArgumentList.Arguments: [var argument] } =>
            IsTime(model, access.Expression) && IsTime(model, argument.Expression),
        _ => false,
    });

    private static bool IsTime(SemanticModel model, ExpressionSyntax expression)
    {
        var type = model.GetTypeInfo(expression).Type;
        type = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return type?.ToDisplayString() is "System.DateTimeOffset" or "System.DateTime";
    }

    private static (SyntaxNode Root, SemanticModel Model) Compile(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create(
            "Sample", [tree], [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return (tree.GetRoot(TestContext.Current.CancellationToken), compilation.GetSemanticModel(tree));
    }
}
