namespace BlazorAuth.Tests.Conventions;

/// <summary>Reads a command that a guide or a workflow gives, and says what of it the repository doesn't have.</summary>
internal static class CommandLine
{
    private static readonly string[] Verbs = ["build", "pack", "run", "test"];
    private static readonly string[] WithValue = ["-c", "-o"];
    private static readonly string[] Alone = ["-v", "-q", "--no-build"];

    /// <summary>What is wrong with it; <see langword="null"/> when it can be run.</summary>
    public static string? Problem(string command)
    {
        var words = command.Split(" #")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(word => word.Contains('=', StringComparison.Ordinal) && word.Split('=')[0].All(letter => char.IsAsciiLetterUpper(letter) || letter == '_')).ToArray();
        return words switch
        {
            [['.', '/', ..] script, .. var arguments] => Script(script, arguments),
            ["dotnet", "new", "blazorauth", ..] or ["apt-get", "update" or "install", ..] => null,
            ["dotnet", var verb, ..] when !Verbs.Contains(verb) => $"dotnet {verb} isn't known here",
            ["dotnet", _, .. var arguments] => Dotnet(arguments),
            _ => "it's neither a script of the repository nor dotnet",
        };
    }

    private static string? Script(string script, string[] arguments)
    {
        var file = Repository.File(script[2..]);
        return !File.Exists(file) ? $"{script} doesn't exist"
            : arguments.FirstOrDefault(argument => !File.ReadAllText(file).Contains($"\n{argument})", StringComparison.Ordinal)) is { } unknown ? $"{script} doesn't take {unknown}"
            : null;
    }

    private static string? Dotnet(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var (argument, value) = (arguments[i], i + 1 < arguments.Length ? arguments[i + 1].Trim('"') : "");
            if (argument == "--")
            {
                return Tests(arguments[(i + 1)..]);
            }

            if (argument is "--project" && !IsProject(value) || argument[0] != '-' && !IsProject(argument))
            {
                return $"{(argument[0] == '-' ? value : argument)} is no project";
            }

            if (argument is "--project" || WithValue.Contains(argument))
            {
                i++;
            }
            else if (argument[0] == '-' && !Alone.Contains(argument) && !argument.StartsWith("-p:", StringComparison.Ordinal))
            {
                return $"{argument} isn't known here";
            }
        }

        return null;
    }

    /// <summary>What follows <c>--</c> chooses tests.</summary>
    private static string? Tests(string[] arguments)
    {
        foreach (var choice in arguments.Chunk(2))
        {
            var found = choice switch
            {
                ["-class", var name] => Tests().Any(type => type.FullName == name),
                ["-namespace", var name] => Tests().Any(type => type.Namespace == name),
                _ => false,
            };
            if (!found)
            {
                return $"{string.Join(' ', choice)} chooses no test";
            }
        }

        return null;
    }

    private static IEnumerable<Type> Tests() => typeof(CommandLine).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true)));

    private static bool IsProject(string name) =>
        (Path.GetExtension(name) is ".csproj" or ".sln" && File.Exists(Repository.File(name))) || File.Exists(Repository.File(name, Path.GetFileName(name) + ".csproj"));
}
