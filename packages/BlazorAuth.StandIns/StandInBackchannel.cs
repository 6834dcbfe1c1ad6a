using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BlazorAuth.StandIns;

/// <summary>
/// What remote handlers send to a symbolic address is answered in process: whatever port, scheme, path base or socket the server
/// listens on, and before it listens at all. Every other address goes to the network.
/// </summary>
internal sealed class StandInBackchannel(StandInServer server) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.Host != StandInAddress.Host)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var http = await ToContextAsync(request, cancellationToken);
        using var body = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        if (!await server.TryAnswerAsync(http))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        await http.Response.CompleteAsync();
        return ToResponse(http, body.ToArray(), request);
    }

    private static async Task<DefaultHttpContext> ToContextAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        var http = new DefaultHttpContext { RequestAborted = cancellationToken };
        var request = http.Request;
        request.Protocol = "HTTP/1.1";
        request.Method = message.Method.Method;
        request.Scheme = message.RequestUri!.Scheme;
        request.Host = HostString.FromUriComponent(message.RequestUri);
        request.Path = PathString.FromUriComponent(message.RequestUri);
        request.QueryString = QueryString.FromUriComponent(message.RequestUri);
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            request.Headers.Append(name, values.ToArray());
        }

        if (message.Content is { } content)
        {
            request.Body = new MemoryStream(await content.ReadAsByteArrayAsync(cancellationToken));
            request.ContentLength = request.Body.Length;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                request.Headers[name] = values.ToArray();
            }
        }

        return http;
    }

    private static HttpResponseMessage ToResponse(HttpContext http, byte[] body, HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)http.Response.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in http.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return response;
    }
}
