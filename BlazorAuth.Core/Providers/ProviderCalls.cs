using System.Net;

namespace BlazorAuth.Providers;

/// <summary>Notes how a provider answered this server's own calls, so that "the provider is down" can be told from "the answer was refused".</summary>
internal sealed class ProviderCalls(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly AsyncLocal<Outcome?> Current = new();

    /// <summary>Begins to take notes for the request at hand.</summary>
    public static Outcome Begin() => Current.Value = new Outcome();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var outcome = Current.Value;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            outcome?.Note(response.StatusCode);
            return response;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            outcome?.NoteUnreachable();
            throw;
        }
    }

    public sealed class Outcome
    {
        /// <summary>Whether a call found nobody, or a server that failed.</summary>
        public bool IsUnavailable { get; private set; }

        /// <summary>The last status that was no success.</summary>
        public HttpStatusCode? FailedStatus { get; private set; }

        public void Note(HttpStatusCode status)
        {
            if ((int)status >= 400)
            {
                FailedStatus = status;
                IsUnavailable |= (int)status >= 500 || status == HttpStatusCode.TooManyRequests;
            }
        }

        public void NoteUnreachable() => IsUnavailable = true;
    }
}
