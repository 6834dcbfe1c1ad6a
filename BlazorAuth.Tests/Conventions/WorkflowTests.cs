using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace BlazorAuth.Tests.Conventions;

/// <summary>What GitHub and editors read of the repository: it parses, it names what exists, and a workflow may do no more than it needs.</summary>
public sealed partial class WorkflowTests
{
    // The only right to write that a job has.
    private const string ResultsOfTheAnalysis = "security-events";

    private static readonly string[] Inputs = ["checkboxes", "dropdown", "input", "markdown", "textarea"];

    public static TheoryData<string> Workflows => [.. RepositoryYaml.Files("workflows", SearchOption.TopDirectoryOnly)];

    public static TheoryData<string> Forms => [.. RepositoryYaml.Files("ISSUE_TEMPLATE", SearchOption.TopDirectoryOnly).Where(file => !file.EndsWith("config.yml", StringComparison.Ordinal))];

    [Fact]
    public void EveryFileParses()
    {
        var files = RepositoryYaml.Files("", SearchOption.AllDirectories).ToList();
        Assert.InRange(files.Count, 6, 100);
        Assert.All(files, file => Assert.NotEmpty(RepositoryYaml.Read(file).Children));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void AWorkflowHasALimitAndNoRightItDoesNotNeed(string file)
    {
        var workflow = RepositoryYaml.Read(file);
        Assert.Null(workflow.At("on")!.At("pull_request_target"));
        Assert.Equal(["contents: read"], workflow.Entries("permissions").Select(right => $"{right.Key}: {right.Value}"));
        Assert.NotNull(workflow.At("concurrency")!.Text("group"));
        Assert.All(workflow.Entries("jobs"), job =>
        {
            Assert.InRange(int.Parse(job.Value.Text("timeout-minutes")!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
            Assert.DoesNotContain(job.Value.Entries("permissions"), right => $"{right.Value}" != "read" && right.Key != ResultsOfTheAnalysis);
        });
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void AStepIsAnActionOfGitHubsOwnOrACommandThatExists(string file)
    {
        var steps = RepositoryYaml.Read(file).Entries("jobs").SelectMany(job => job.Value.Items("steps")).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, step =>
        {
            if (step.Text("uses") is { } action)
            {
                Assert.Matches(OfficialAction(), action);
                Assert.True(!action.StartsWith("actions/checkout@", StringComparison.Ordinal) || step.At("with")?.Text("persist-credentials") == "false", "A checkout leaves its token behind.");
            }
            else
            {
                // What comes from a pull request never becomes part of a script.
                Assert.DoesNotContain("${{", step.Text("run"), StringComparison.Ordinal);
                Assert.All(step.Text("run")!.Split('\n', StringSplitOptions.RemoveEmptyEntries), command => Assert.Null(CommandLine.Problem(command)));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AFormCanBeFilledInAndItsLinksLeadSomewhere(string file)
    {
        var form = RepositoryYaml.Read(file);
        Assert.All((string[])["name", "description"], key => Assert.False(string.IsNullOrWhiteSpace(form.Text(key))));
        var body = form.Items("body").ToList();
        Assert.All(body, input => Assert.Contains(input.Text("type"), Inputs));
        var fields = body.Where(input => input.Text("type") != "markdown").ToList();
        Assert.All(fields, field => Assert.False(string.IsNullOrWhiteSpace(field.At("attributes")!.Text("label"))));
        Assert.Equal(fields.Count, fields.Select(field => field.Text("id")).OfType<string>().Distinct().Count());
        Assert.Empty(DeadLinks(File.ReadAllText(Repository.File(file))));
    }

    [Fact]
    public void WhoFoundAHoleIsSentToThePrivateForm() =>
        Assert.Contains("](../security/advisories/new)", File.ReadAllText(Repository.File(".github/ISSUE_TEMPLATE/bug.yml")), StringComparison.Ordinal);

    [Fact]
    public void ThePullRequestLinksToWhatExists()
    {
        var template = File.ReadAllText(Repository.File(".github/PULL_REQUEST_TEMPLATE.md"));
        Assert.Matches(OnGitHub(), template);
        Assert.Empty(DeadLinks(template));
    }

    [Fact]
    public void EveryFolderThatIsKeptUpToDateHasWhatIsLookedFor()
    {
        var updates = RepositoryYaml.Read(".github/dependabot.yml").Items("updates").ToList();
        var watched = updates.SelectMany(update => update.Items("directories").Append(update.At("directory")).OfType<YamlScalarNode>()
            .Select(folder => Repository.File(folder.Value!.Trim('/'), Manifest(update.Text("package-ecosystem")!)))).ToList();
        Assert.All(watched, file => Assert.True(Path.Exists(file), file));
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Root, "package-lock.json", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Where(folder => !OfABuild().IsMatch(folder!)).Order(),
            watched.Where(file => file.EndsWith("package.json", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Order());
    }

    [Fact]
    public void TheDevContainerBuildsAndShowsTheApp()
    {
        using var container = JsonDocument.Parse(File.ReadAllText(Repository.File(".devcontainer", "devcontainer.json")));
        using var launch = JsonDocument.Parse(File.ReadAllText(Repository.File("BlazorAuth.App", "Properties", "launchSettings.json")));
        Assert.Null(CommandLine.Problem(container.RootElement.GetProperty("postCreateCommand").GetString()!));
        var port = new Uri(launch.RootElement.GetProperty("profiles").GetProperty("http").GetProperty("applicationUrl").GetString()!).Port;
        Assert.Equal([port], container.RootElement.GetProperty("forwardPorts").EnumerateArray().Select(forwarded => forwarded.GetInt32()));
    }

    private static string Manifest(string ecosystem) => ecosystem switch
    {
        "devcontainers" => ".devcontainer/devcontainer.json",
        "dotnet-sdk" => "global.json",
        "github-actions" => ".github/workflows",
        "npm" => "package.json",
        "nuget" => "Directory.Packages.props",
        _ => throw new InvalidOperationException($"Nobody says what {ecosystem} looks for."),
    };

    // GitHub shows these texts below the repository's address, where a link to a file leads over blob/HEAD.
    private static IEnumerable<string> DeadLinks(string text) =>
        OnGitHub().Matches(text).Select(link => link.Groups[1].Value).Where(path => !Path.Exists(Repository.File(path)));

    [GeneratedRegex(@"^(actions/(cache|checkout|setup-dotnet|setup-node|upload-artifact)|github/codeql-action/(init|analyze))@v\d+$")]
    private static partial Regex OfficialAction();

    [GeneratedRegex(@"\]\(\.\./blob/HEAD/([^)#]+)")]
    private static partial Regex OnGitHub();

    [GeneratedRegex(@"[\\/](node_modules|bin|obj|artifacts)([\\/]|$)")]
    private static partial Regex OfABuild();
}
