using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST _log</c>: where next-auth 4 reports its client errors. Accepted but not kept: anyone can write anything there.</summary>
internal static class LogEndpoint
{
    public static IResult Handle() => Results.Text("", "text/plain");
}
