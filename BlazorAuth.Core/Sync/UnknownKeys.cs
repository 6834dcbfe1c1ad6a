using System.Buffers;
using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Sync;

/// <summary>
/// Reads the store's Data Protection keys once more when a request brings something that was protected under a key that this node does not know: another node
/// has made it a moment ago. The platform would take it for forged.
/// </summary>
internal sealed class UnknownKeys(ProtectionKeyRepository keys, StoreState state, TimeProvider clock) : IStartupFilter
{
    // Protected data starts with the same four bytes, which encode to the same letters; the key's ID follows.
    private const string Mark = "CfDJ8";
    private const int HeaderBytes = 4;
    private const int IdBytes = 16;
    private const int Letters = 28;

    // Anyone can make up IDs, which must not cause this node to read the store all the time.
    private const int MostLooks = 10;
    private const int MostInRequest = 8;
    private const int MostRemembered = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Task> _looks = [];
    private long _windowBegan;
    private int _count;
    private Task? _late;
    private Task _reading = Task.CompletedTask;
    private Task? _next;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Nearly no request brings anything of the kind, and those that don't are spared a wait.
        app.Use((http, rest) => IsMarked(http.Request) ? LookAndGoOnAsync(http, rest) : rest(http));
        next(app);
    };

    /// <summary>Whether a text was protected under a key that is not known here, or that no secret of this node decrypts.</summary>
    public bool IsUnknown(string? text) => keys.HasStore && text is not null && IdsIn(text).Any(id => !keys.Opens(id));

    /// <summary>Looks for the keys of what is protected in a text, where they are not known.</summary>
    public ValueTask LookAsync(string? text, CancellationToken cancellationToken) =>
        !IsMarked(text) || !keys.HasStore || !state.Answers
            ? ValueTask.CompletedTask
            : LookInAsync(text!, cancellationToken);

    private static bool IsMarked(HttpRequest request)
    {
        var isMarked = IsMarked(request.QueryString.Value);
        foreach (var header in request.Headers.Cookie)
        {
            isMarked |= IsMarked(header);
        }

        return isMarked;
    }

    private static bool IsMarked(string? text) => text?.Contains(Mark, StringComparison.Ordinal) == true;

    private async Task LookAndGoOnAsync(HttpContext http, RequestDelegate next)
    {
        await LookAsync(http.Request.QueryString.Value, http.RequestAborted);
        foreach (var header in http.Request.Headers.Cookie)
        {
            await LookAsync(header, http.RequestAborted);
        }

        await next(http);
    }

    private async ValueTask LookInAsync(string text, CancellationToken cancellationToken)
    {
        var looks = IdsIn(text).Where(id => !keys.Knows(id)).Select(LookForAsync).ToList();
        try
        {
            await Task.WhenAll(looks).WaitAsync(Longest, clock, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the store throws, this is in front of every request. The key stays unknown, and the request fails accordingly. The next round logs what is wrong with the store.
        }
    }

    /// <summary>Looks for a key once: whoever brings the same one meanwhile waits for the same look, and those who come later for none.</summary>
    private Task LookForAsync(Guid id)
    {
        lock (_gate)
        {
            var passed = clock.GetElapsedTime(_windowBegan);
            if (passed >= Window)
            {
                (_windowBegan, _count, _late, passed) = (clock.GetTimestamp(), 0, null, TimeSpan.Zero);
                if (_looks.Count > MostRemembered)
                {
                    _looks.Clear();
                }
            }

            if (_looks.TryGetValue(id, out var look) && (!look.IsCompleted || look.IsCompletedSuccessfully))
            {
                return look;
            }

            return _looks[id] = _count++ < MostLooks ? ReadAsync() : _late ??= ReadLaterAsync(Window - passed);
        }
    }

    /// <summary>Reads the keys once for all who were too many: made-up keys delay the others, and nobody is turned away.</summary>
    private async Task ReadLaterAsync(TimeSpan delay)
    {
        await Task.Delay(delay, clock);
        await ReadAsync();
    }

    /// <summary>Reads the keys for everybody who waits: a reading that has begun may have missed the key, so they share the one after it.</summary>
    private Task ReadAsync()
    {
        lock (_gate)
        {
            return _next ??= ReadAfterAsync(_reading);
        }
    }

    private async Task ReadAfterAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        Task begun;
        lock (_gate)
        {
            (_reading, _next) = (begun = keys.SyncAsync(CancellationToken.None), null);
        }

        await begun;
    }

    private static IEnumerable<Guid> IdsIn(string text)
    {
        var found = 0;
        for (var at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0 && found < MostInRequest; at = text.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            if (IdAt(text.AsSpan(at)) is { } id)
            {
                found++;
                yield return id;
            }
        }
    }

    // The platform writes both alphabets, and cookies and queries escape one of them.
    private static Guid? IdAt(ReadOnlySpan<char> text)
    {
        Span<char> letters = stackalloc char[Letters];
        for (var i = 0; i < Letters; i++)
        {
            if (text.IsEmpty)
            {
                return null;
            }

            var isEscaped = text.StartsWith("%2B", StringComparison.OrdinalIgnoreCase) || text.StartsWith("%2F", StringComparison.OrdinalIgnoreCase);
            letters[i] = (isEscaped ? text[2] : text[0]) switch
            {
                '+' => '-',
                '/' => '_',
                'B' or 'b' when isEscaped => '-',
                'F' or 'f' when isEscaped => '_',
                var letter => letter,
            };
            text = text[(isEscaped ? 3 : 1)..];
        }

        Span<byte> bytes = stackalloc byte[Letters * 3 / 4];
        return Base64Url.DecodeFromChars(letters, bytes, out _, out var length) == OperationStatus.Done && length >= HeaderBytes + IdBytes
            ? new Guid(bytes.Slice(HeaderBytes, IdBytes))
            : null;
    }
}
