using BlazorAuth.Providers;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Import;

/// <summary>The counts of a run. What it keeps does not grow with the number of users.</summary>
internal sealed class ImportRun(ILogger logger)
{
    private const int MostConflicts = 1000;

    private readonly List<ImportConflict> _conflicts = [];
    private readonly HashSet<string> _doubtful = new(StringComparer.Ordinal);

    public long Users { get; set; }

    public long Created { get; set; }

    public long AlreadyThere { get; set; }

    public long Accounts { get; set; }

    public long Banned { get; set; }

    public long ConflictCount { get; private set; }

    public ImportReport Report => new()
    {
        Users = Users, Created = Created, AlreadyThere = AlreadyThere, Accounts = Accounts, Banned = Banned, ConflictCount = ConflictCount, Conflicts = _conflicts,
    };

    public void Add(ImportedUser user, string? provider, ImportConflictReason reason)
    {
        // They come from rows of another library, of which nothing is known.
        logger.ImportConflict(LogText.Printable(user.Id), provider is null ? null : LogText.Printable(provider), reason);
        ConflictCount++;
        if (_conflicts.Count < MostConflicts)
        {
            _conflicts.Add(new(user.Id, provider, reason));
        }
    }

    /// <summary>Says once what is wrong with the issuer of a provider of this app.</summary>
    public void AddDoubt(string problem)
    {
        if (_doubtful.Add(problem))
        {
            logger.IssuerDoubtful(problem);
        }
    }
}
