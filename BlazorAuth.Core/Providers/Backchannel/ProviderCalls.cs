using System.Text.Json;

namespace BlazorAuth.Providers.Backchannel;

/// <summary>Takes notes of how a provider answers this server's own calls.</summary>
internal sealed class ProviderCalls(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = ProviderExchange.Current;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (exchange is not null)
            {
                if ((int)response.StatusCode >= 400)
                {
                    exchange.Note(request.RequestUri, (int)response.StatusCode);
                }

                await NoteErrorAsync(exchange, request, response, cancellationToken);
            }

            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            exchange?.Note(request.RequestUri, 0);
            throw;
        }
    }

    // GitHub and others respond with 200 to requests that they reject.
    private static async Task NoteErrorAsync(ProviderExchange exchange, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            || (response.IsSuccessStatusCode && request.Method != HttpMethod.Post))
        {
            return;
        }

        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            if (Text(answer.RootElement, "error") is { } error)
            {
                exchange.Error = (error, Text(answer.RootElement, "error_description"));
            }
        }
        catch (JsonException)
        {
            // The code that reads the response reports it.
        }
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
