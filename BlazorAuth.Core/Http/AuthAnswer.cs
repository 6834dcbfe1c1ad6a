using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>Answers in the three modes of <c>docs/contract/endpoints.md</c> §7.</summary>
internal static class AuthAnswer
{
    public const string NoStore = "private, no-cache, no-store";

    /// <summary>Sends the person on: a redirect for a form, <c>{"url"}</c> for a client.</summary>
    public static IResult Redirect(AuthRequest request, string url)
    {
        if (request.Mode == AnswerMode.Header)
        {
            request.Http.Response.Headers.Location = url;
        }

        return request.Mode == AnswerMode.Form ? Results.Redirect(url) : Url(url, StatusCodes.Status200OK);
    }

    /// <summary>Sends the person to a page that shows an error. <paramref name="fieldStatus"/>: the status that a next-auth 4 client expects.</summary>
    public static IResult Error(AuthRequest request, string url, int fieldStatus = StatusCodes.Status200OK) => request.Mode switch
    {
        AnswerMode.Form => Results.Redirect(url),
        AnswerMode.Header => Url(url, StatusCodes.Status200OK),
        _ => Url(url, fieldStatus),
    };

    /// <summary>JSON that no cache keeps.</summary>
    public static IResult Json(string json, int status = StatusCodes.Status200OK) => new JsonAnswer(Encoding.UTF8.GetBytes(json), status);

    /// <summary>JSON that was written before: the endpoints that are asked most answer the same bytes again.</summary>
    public static IResult Json(byte[] json) => new JsonAnswer(json, StatusCodes.Status200OK);

    /// <summary>The clients read an address even from a refusal; without one theirs would throw, or go on as if all were well.</summary>
    public static IResult TooMany(AuthRequest request, string url) => request.Mode == AnswerMode.Form
        ? Json("{\"message\":\"Too many attempts. Wait, then try again.\"}", StatusCodes.Status429TooManyRequests)
        : Url(url, StatusCodes.Status429TooManyRequests);

    public static IResult BadRequest { get; } = Json("\"Bad request.\"", StatusCodes.Status400BadRequest);

    public static IResult Null { get; } = Json("null");

    /// <summary>Whether the answer should be a page for a person rather than JSON for a client.</summary>
    public static bool WantsPage(HttpRequest request) =>
        !request.Headers.ContainsKey(AuthHeaders.ReturnRedirect) && AcceptsHtml(request);

    /// <summary>Whether the client takes HTML: a browser that opens a page, or a script that fetches one.</summary>
    public static bool AcceptsHtml(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private sealed class JsonAnswer(byte[] json, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json";
            // No page on another origin may embed it. Requests from front-end scripts use CORS, which this does not affect.
            response.Headers[AuthHeaders.ResourcePolicy] = "same-origin";
            response.ContentLength = json.Length;
            return response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
        }
    }

    private static IResult Url(string url, int status) =>
        Json("{\"url\":" + JsonSerializer.Serialize(url, AuthJson.Compact) + "}", status);
}
