using BlazorAuth.Http;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary>
/// <c>GET return</c>: the second step of a sign-in that ends at a long address. Session cookie and address do not fit together into the 4 KB of headers
/// that stock proxies take.
/// </summary>
internal static class ReturnEndpoint
{
    /// <summary>The longest response header that a callback sends, with what the server adds.</summary>
    private const int LongestHeader = 3930;

    // Status line, date, server's name.
    private const int OfTheServer = 130;

    public static IResult Show(AuthRequest request, FlowReturns returns)
    {
        if (request.Query("flow") is not { Length: > 0 and <= 32 } id)
        {
            return Results.Redirect(ReturnUrl.Home(request.Address).Text);
        }

        var target = returns.Read(request, id) ?? ReturnUrl.Home(request.Address);
        returns.Forget(request, id);
        return Results.Redirect(target.Text);
    }

    /// <summary>Ends a callback: in one step where the answer fits, else in two.</summary>
    public static void Finish(AuthRequest request, FlowReturns returns)
    {
        var headers = request.Http.Response.Headers;
        if (FlowReturns.UsedBy(request) is not { } id || request.Http.Response.HasStarted)
        {
            return;
        }

        var size = OfTheServer + headers.Sum(header => header.Value.Sum(value => header.Key.Length + value!.Length + 4));
        if (size > LongestHeader && headers.Location is [{ } target] && target.Length <= LongestHeader / 2 + 200)
        {
            headers.Location = $"{request.Address.Absolute(AuthPaths.Base)}/return?flow={id}";
        }
        else
        {
            returns.Forget(request, id);
        }
    }
}
