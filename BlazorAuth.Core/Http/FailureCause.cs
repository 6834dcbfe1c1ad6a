using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Http;

/// <summary>Why a sign-in failed, in words for the log and for a developer: no token, code or address of a person.</summary>
/// <param name="Text">What happened.</param>
/// <param name="Setting">What to check or change; null when nothing here does.</param>
internal sealed record FailureCause(string Text, string? Setting = null)
{
    public override string ToString() => Setting is null ? Text : $"{Text}: check {Setting}";
}

/// <summary>The causes of the last failures by their reference, for the pages of Development. Elsewhere nothing is kept: people have no use for them.</summary>
internal sealed class RecentCauses(IHostEnvironment host) : IDisposable
{
    private const int Most = 200;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly MemoryCache _causes = new(new MemoryCacheOptions { SizeLimit = Most });

    public void Keep(string reference, FailureCause cause)
    {
        if (host.IsDevelopment())
        {
            _causes.Set(reference, cause, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
        }
    }

    public FailureCause? Find(string reference) => _causes.Get<FailureCause>(reference);

    public void Dispose() => _causes.Dispose();
}
