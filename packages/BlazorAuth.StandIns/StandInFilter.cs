using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.StandIns;

/// <summary>
/// Puts the stand-ins in front of the app, so that they need no mapping and the app's policies do not apply to them. Only requests from this machine are
/// answered, which the address of the connection decides, since anyone can send any <c>Host</c>.
/// </summary>
internal sealed class StandInFilter(StandInServer server, StandInAccess access, IWebHostEnvironment environment, ILogger<StandInServer> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException(StandInAccess.NotHere(environment));
        }

        if (access.AllowsPrivate)
        {
            logger.PrivateNetworksAllowed();
        }

        return app =>
        {
            app.Use(AnswerAsync);
            next(app);
        };
    }

    private async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.Value!.Contains(StandInAddress.Prefix + "/", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
        }
        else if (!access.Allows(http))
        {
            logger.FarRequestRefused();
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(StandInAccess.Refusal, http.RequestAborted);
        }
        else if (!await server.TryAnswerAsync(http))
        {
            await next(http);
        }
    }
}
