using System.Buffers.Text;
using System.Security.Cryptography;
using BlazorAuth.Sync;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Bench.Circuits;

/// <summary>What a node pays to remember that a session was revoked or changed.</summary>
internal static class ChangeMemory
{
    private const int Count = 1_000_000;

    public static void Measure()
    {
        var clock = new SharedClock(TimeProvider.System);
        var changes = new KnownChanges(Options.Create(new AuthOptions()), clock);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            var now = clock.GetUtcNow();
            changes.Apply(new SessionChange(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), Revoked: true, 1, now.AddDays(30), now));
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine();
        Console.WriteLine($"A remembered revocation, one of {Count:n0}: {(after - before) / (double)Count:0} bytes");
        GC.KeepAlive(changes);
    }
}
