using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// Stands in front of the app until the store was read once: a request with a session cookie gets 503 and keeps the cookie, because it is unknown
/// yet whether the session was revoked. Requests without one go on, and so does signing out. It answers in the same way when only the store could say
/// later whether a session lives, also where the app handles exceptions itself.
/// </summary>
internal sealed class StoreGate(StoreState state, FrontEndCors cors, CookieNames names) : IStartupFilter, IExceptionHandler, IDeveloperPageExceptionFilter
{
    private const string Page =
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>One moment</title></head>
        <body><h1>One moment</h1><p>Your session cannot be checked right now. You are still signed in; this page tries again by itself.</p></body></html>
        """;

    public static bool IsSignOut(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && AuthPaths.EndsIn(request, "/signout");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(RunAsync);
        next(app);
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not SessionStoreException)
        {
            return false;
        }

        await RefuseAsync(httpContext);
        return true;
    }

    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        if (errorContext.Exception is not SessionStoreException)
        {
            return next(errorContext);
        }

        errorContext.HttpContext.Response.Clear();
        return RefuseAsync(errorContext.HttpContext);
    }

    private async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (!state.IsLoaded && HasSessionCookie(http.Request) && !IsSignOut(http.Request))
        {
            await RefuseAsync(http);
            return;
        }

        try
        {
            await next(http);
        }
        catch (SessionStoreException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await RefuseAsync(http);
        }
    }

    private bool HasSessionCookie(HttpRequest request) =>
        request.Cookies.Keys.Any(names.MayBeSession);

    private Task RefuseAsync(HttpContext http)
    {
        // A script that may not read the response mistakes it for a lost connection.
        if (http.Request.Path.Value!.Contains(AuthPaths.Base + "/", StringComparison.Ordinal) && cors.Handle(http))
        {
            return Task.CompletedTask;
        }

        var response = http.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = "5";
        response.Headers.CacheControl = AuthAnswer.NoStore;
        var isPage = AuthAnswer.AcceptsHtml(http.Request);
        response.ContentType = isPage ? "text/html; charset=utf-8" : "application/json";
        return response.WriteAsync(isPage ? Page : "{\"message\":\"The session store does not answer.\"}");
    }
}
