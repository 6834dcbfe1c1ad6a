using System.Net;
using BlazorAuth.StandIns.Internal;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.StandIns;

/// <summary>Writes the stand-ins' pages: static HTML, no script, nothing from another origin.</summary>
internal sealed class StandInPages(StandInOptions options, ILoggerFactory loggers) : IDisposable
{
    private static readonly string Stylesheet = ReadStylesheet();

    // A renderer asks for services that an app with components registers as scoped; these pages need none.
    private readonly ServiceProvider _noServices = new ServiceCollection().BuildServiceProvider();

    public Task ShowPickerAsync(
        HttpContext http, StandInProvider provider, IEnumerable<KeyValuePair<string, StringValues>> parameters, string redirectUri, string? problem = null)
    {
        var values = parameters.ToList();
        var chosen = values.FirstOrDefault(pair => pair.Key == PickerChoice.FaultField).Value;
        var model = new PickerModel(provider, [.. options.People], [.. options.Faults])
        {
            Action = ActionOf(http),
            Site = SiteOf(http),
            Fields = [.. values.Where(pair => !pair.Key.StartsWith(PickerChoice.FieldPrefix, StringComparison.Ordinal))],
            Fault = StandInFault.Find(chosen.LastOrDefault()) ?? StandInFault.None,
            ContinueTo = new Uri(redirectUri).Authority,
            Problem = problem,
        };
        return WriteAsync<Picker>(
            http, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, new() { [nameof(Picker.Model)] = model });
    }

    public Task ShowProblemAsync(HttpContext http, StandInProvider provider, string code, string explanation) =>
        WriteAsync<Problem>(http, StatusCodes.Status400BadRequest, new()
        {
            [nameof(Problem.Provider)] = provider,
            [nameof(Problem.Site)] = SiteOf(http),
            [nameof(Problem.Code)] = code,
            [nameof(Problem.Explanation)] = explanation,
        });

    public static Task WriteStylesheetAsync(HttpContext http)
    {
        http.Response.ContentType = "text/css; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        return http.Response.WriteAsync(Stylesheet, http.RequestAborted);
    }

    /// <summary>A square with initials; for someone who is not on the picker, a figure.</summary>
    public Task WritePictureAsync(HttpContext http)
    {
        var name = Path.GetFileNameWithoutExtension(http.Request.Path.Value ?? "");
        var index = options.People.ToList().FindIndex(person => person.Id == name);
        var hue = index < 0 ? 220 : (255 + (index * 105)) % 360;
        var figure = index < 0
            ? "<circle cx='40' cy='31' r='13' fill='#fff'/><path d='M14 80a26 26 0 0 1 52 0z' fill='#fff'/>"
            : $"<text x='40' y='51' text-anchor='middle' font-family='system-ui,sans-serif' font-size='30' font-weight='600' fill='#fff'>{WebUtility.HtmlEncode(options.People[index].Initials)}</text>";
        http.Response.ContentType = "image/svg+xml";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        return http.Response.WriteAsync(
            $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 80 80' width='80' height='80'><rect width='80' height='80' fill='hsl({hue} 45% 36%)'/>{figure}</svg>",
            http.RequestAborted);
    }

    public void Dispose() => _noServices.Dispose();

    private async Task WriteAsync<TComponent>(HttpContext http, int status, Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(_noServices, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());

        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        // No form-action: it would also block the redirect back to an app on another origin.
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        await response.WriteAsync(html, http.RequestAborted);
    }

    // Relative, so that they work whatever path prefix a proxy has removed.
    private static string ActionOf(HttpContext http) => BrowserAddress.Of(http).Path.Value!.Split('/')[^1];

    private static string SiteOf(HttpContext http) =>
        string.Join('/', Enumerable.Repeat("..", BrowserAddress.Of(http).Path.Value!.Count(c => c == '/') - 2));

    private static string ReadStylesheet()
    {
        using var stream = typeof(StandInPages).Assembly.GetManifestResourceStream("stand-ins.css")
            ?? throw new InvalidOperationException("The stand-ins' stylesheet is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
