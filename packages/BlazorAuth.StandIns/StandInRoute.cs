using Microsoft.AspNetCore.Http;

namespace BlazorAuth.StandIns;

/// <summary>One address below <see cref="StandInAddress.Prefix"/>. <c>*</c> at its end stands for one more part.</summary>
internal sealed record StandInRoute(string Path, IReadOnlyList<string> Methods, RequestDelegate Handler)
{
    public bool Fits(PathString path)
    {
        var text = path.Value ?? "";
        return Path.EndsWith('*')
            ? text.StartsWith(Path[..^1], StringComparison.OrdinalIgnoreCase) && text.IndexOf('/', Path.Length - 1) < 0
            : text.Equals(Path, StringComparison.OrdinalIgnoreCase);
    }
}
