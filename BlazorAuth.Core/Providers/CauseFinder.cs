using System.Text.RegularExpressions;
using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;

namespace BlazorAuth.Providers;

/// <summary>
/// Says why a sign-in failed, for the log and for the pages of Development, and what to check: from what a provider answered, without anything secret or
/// personal that it may have put into its words.
/// </summary>
internal sealed partial class CauseFinder(AuthEnvironment environment)
{
    private const int LongestError = 40;

    // RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 9126, and GitHub's own.
    private static readonly string[] KnownErrors =
    [
        "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope", "server_error", "temporarily_unavailable",
        "invalid_client", "invalid_grant", "unsupported_grant_type", "interaction_required", "login_required", "account_selection_required", "consent_required",
        "invalid_request_uri", "invalid_request_object", "request_not_supported", "request_uri_not_supported", "registration_not_supported", "invalid_token",
        "insufficient_scope", "incorrect_client_credentials", "redirect_uri_mismatch", "bad_verification_code", "unverified_user_email", "application_suspended",
        "invalid_redirect_uri", "user_cancelled_login", "user_cancelled_authorize",
    ];

    /// <summary>The cause, as far as it is known; null when nothing is.</summary>
    public FailureCause? Of(string provider, AuthErrorReason reason, Exception? exception, string? error, string? description)
    {
        var exchange = ProviderExchange.Current;
        if (exchange?.Problem is { } problem)
        {
            return new(problem.Text, problem.Setting);
        }

        if (exchange?.Error is { } told)
        {
            return OfError(provider, $"{provider} answered {Error(told.Error)}{(told.Error == "invalid_grant" ? OfPerson(told.Description) : Description(told.Description))}{Call(exchange)}", told.Error);
        }

        if (Own(exception) is { } own)
        {
            return new(own.Message.TrimEnd('.') + Call(exchange), exchange?.FailedCall is null ? null : Address(provider, exchange.FailedCall.Value.Path));
        }

        if (exchange?.FailedCall is { } call)
        {
            return new(call.Status == 0 ? $"{call.Host}{call.Path} is not responding" : $"{call.Host}{call.Path} responded with {call.Status}",
                call.Status is 0 ? "the network between this server and the provider" : call.Status >= 500 ? null : Address(provider, call.Path));
        }

        return error is not null && reason is not (AuthErrorReason.CookieLost or AuthErrorReason.AlreadyUsed or AuthErrorReason.Expired)
            ? OfError(provider, $"{provider} answered {Error(error)}{OfPerson(description)}", error)
            : null;
    }

    private static FailureCause OfError(string provider, string text, string error) => error switch
    {
        "invalid_client" or "incorrect_client_credentials" => new(
            $"{text}; it rejected the client secret",
            $"{AuthEnvironment.Variable(provider, "SECRET")}, {AuthEnvironment.Variable(provider, "ID")} and {AuthEnvironment.Variable(provider, "CLIENT_AUTH")}"),
        "unauthorized_client" => new(text, $"what the client {AuthEnvironment.Variable(provider, "ID")} may do at the provider, and {AuthEnvironment.Variable(provider, "SECRET")}"),
        "redirect_uri_mismatch" or "invalid_redirect_uri" => new(text, "the callback address that is registered at the provider (event 606 lists it)"),
        "invalid_scope" => new(text, "the scopes of the scheme"),
        _ => new(text),
    };

    private string Address(string provider, string path) => path.Contains("/.well-known/", StringComparison.Ordinal) || environment.Get(provider, "ISSUER") is not null
        ? AuthEnvironment.Variable(provider, "ISSUER")
        : $"{AuthEnvironment.Variable(provider, "TOKEN_ENDPOINT")} and {AuthEnvironment.Variable(provider, "USERINFO_ENDPOINT")}";

    private static ProviderAnswerException? Own(Exception? exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is ProviderAnswerException own)
            {
                return own;
            }
        }

        return null;
    }

    private static string Call(ProviderExchange? exchange) => exchange?.FailedCall is { } call ? $" ({call.Host}{call.Path}, HTTP {call.Status})" : "";

    /// <summary>An error code that a provider names: a known one, or a single word, so that no text gets into the log.</summary>
    public static string Error(string error) => KnownErrors.Contains(error) ? error
        : error.Length is > 0 and <= LongestError && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && !LogText.IsSecret(error) ? $"another error, '{error}'"
        : "another error";

    // What comes through the browser anybody can write, and a provider may name the person there.
    private string OfPerson(string? description) => environment.IsDevelopment ? Description(description)
        : description is not null && Code().Match(description) is { Success: true } code ? $" ({code.Value})"
        : "";

    private static string Description(string? description)
    {
        var clean = LogText.Description(description ?? "");
        return clean.Length == 0 ? "" : $" ({clean})";
    }

    [GeneratedRegex("AADSTS[0-9]{4,8}(?![A-Za-z0-9])")]
    private static partial Regex Code();
}
