using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>Marks an endpoint whose POST changes nothing of ours: a log beacon, an address that is not there.</summary>
internal sealed class WithoutCsrf;

/// <summary>Marks the callback: the CSRF token is asked of credentials only.</summary>
internal sealed class RemoteCallback;

/// <summary>Marks an endpoint that starts a sign-in (with a POST) or ends one (a provider's callback, with any method).</summary>
internal sealed record LimitedEndpoint(bool IsCallback)
{
    public bool Covers(HttpRequest request) => IsCallback || HttpMethods.IsPost(request.Method);
}

/// <summary>What a POST without a CSRF token gets, where it is not the sign-in page.</summary>
internal sealed record CsrfRefusal(IResult Answer);

/// <summary>Marks an endpoint whose answer depends on no return address.</summary>
internal sealed class SendsNobodyAnywhere;

/// <summary>Marks an endpoint that answers everybody alike: who is signed in is not looked up for it.</summary>
internal sealed class AnswersAllAlike;
