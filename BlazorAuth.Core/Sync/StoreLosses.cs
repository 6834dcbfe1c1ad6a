using System.Globalization;

namespace BlazorAuth.Sync;

/// <summary>The writes that a store has lost since it was made: what nodes have found out, kept in the store itself. Numbers of tokens tell whether it concerns them.</summary>
internal sealed class StoreLosses
{
    public static readonly StoreLosses None = new("", []);

    // Lost numbers are followed by numbers that no node can have seen.
    private const long Gap = 1_000_000_000;

    private readonly StoreLoss[] _losses;

    private StoreLosses(string text, StoreLoss[] losses)
    {
        Text = text;
        _losses = losses;
        Floor = losses.Where(loss => !loss.IsVouched).Select(loss => loss.To).DefaultIfEmpty(-1).Max();
        FloorAt = losses.Where(loss => !loss.IsVouched).Select(loss => loss.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
    }

    public string Text { get; }

    /// <summary>Tokens of this number or below have to sign in again, and so does whoever has only a row of such a number.</summary>
    public long Floor { get; }

    /// <summary>When that was last found out: no session that began before it counts, whatever was written to its row since.</summary>
    public DateTimeOffset FloorAt { get; }

    public bool Any => _losses.Length > 0;

    /// <summary>The list in a text; what is not understood is left out: a newer version may have written it.</summary>
    public static StoreLosses Parse(string text) =>
        text.Length == 0 ? None : new(text, [.. text.Split(';').Select(StoreLoss.Parse).OfType<StoreLoss>()]);

    /// <summary>
    /// When the loss of a write of this number was found out, if nodes remember all that was revoked among what was lost; otherwise null. What such a token
    /// tells of may be written again.
    /// </summary>
    public DateTimeOffset? LostAt(long number) => Array.FindLast(_losses, loss => loss.IsVouched && loss.From < number && number <= loss.To)?.At;

    /// <summary>Whether another node took note of a loss that covers this one.</summary>
    public bool Covers(long from, long to, DateTimeOffset since) => Array.Exists(_losses, loss => loss.At >= since && loss.From <= from && to <= loss.To);

    public bool HasUnvouchedSince(DateTimeOffset moment) => Array.Exists(_losses, loss => !loss.IsVouched && loss.At >= moment);

    /// <summary>What was found out after a moment and is not in another list. Nodes that find the same loss at the same time note it each with the range they know: that counts once.</summary>
    public IEnumerable<StoreLoss> NewsTo(StoreLosses known, DateTimeOffset after, TimeSpan together)
    {
        var said = known._losses.ToList();
        foreach (var loss in _losses.Where(loss => loss.At > after && !known._losses.Any(other => other.ToString() == loss.ToString())))
        {
            if (!said.Exists(other => other.Kind == loss.Kind && other.At + together >= loss.At && loss.At + together >= other.At))
            {
                yield return loss;
            }

            said.Add(loss);
        }
    }

    /// <summary>The list with one more; what every token has outlived is left out.</summary>
    public StoreLosses With(long from, long to, StoreLossKind kind, DateTimeOffset now, TimeSpan kept) =>
        Of([.. _losses.Where(loss => loss.At + kept > now), new(from, to + Gap, kind, now)]);

    /// <summary>The list with those that this node knows of and the store does not any more: it went back beyond them. The same where there are none.</summary>
    public StoreLosses And(StoreLosses known, DateTimeOffset now, TimeSpan kept)
    {
        var told = _losses.Select(loss => loss.ToString()).ToHashSet(StringComparer.Ordinal);
        StoreLoss[] missing = [.. known._losses.Where(loss => loss.At + kept > now && !told.Contains(loss.ToString()))];
        return missing.Length == 0 ? this : Of([.. _losses, .. missing]);
    }

    public DateTimeOffset LastAt => Any ? _losses.Max(loss => loss.At) : DateTimeOffset.MinValue;

    /// <summary>The number that the next one has to be above.</summary>
    public long Last => _losses.Max(loss => loss.To);

    private static StoreLosses Of(StoreLoss[] losses) => new(string.Join(';', losses.Select(loss => loss.ToString())), losses);
}

/// <summary>What nodes know of what was lost.</summary>
internal enum StoreLossKind
{
    /// <summary>Nodes remember all revocations among it.</summary>
    Vouched,

    /// <summary>They do not.</summary>
    Unvouched,

    /// <summary>Nothing is known to be lost: the operator has set that everybody signs in again.</summary>
    Setting,
}

/// <summary>A loss.</summary>
/// <param name="From">The last number that is certainly there.</param>
/// <param name="To">The last one that may be lost.</param>
/// <param name="Kind">What is known of it.</param>
/// <param name="At">When it was found out.</param>
internal sealed record StoreLoss(long From, long To, StoreLossKind Kind, DateTimeOffset At)
{
    // In the order of the kinds.
    private const string Letters = "vus";

    public bool IsVouched => Kind == StoreLossKind.Vouched;

    public static StoreLoss? Parse(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 4 && Number(parts[0]) is { } from && Number(parts[1]) is { } to && parts[2] is "v" or "u" or "s" && Number(parts[3]) is { } at
            ? new StoreLoss(from, to, (StoreLossKind)Letters.IndexOf(parts[2], StringComparison.Ordinal), DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(at, 253_402_300_799_999)))
            : null;

        static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{From} {To} {Letters[(int)Kind]} {At.ToUnixTimeMilliseconds()}");
}
