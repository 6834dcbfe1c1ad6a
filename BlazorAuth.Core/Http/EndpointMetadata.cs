using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http;

/// <summary>
/// Marks the endpoints of the group. They answer no other origin, whatever CORS policy the app has for its own, unless they are among those that a
/// front end's script reads (<see cref="FrontEndMetadata"/>).
/// </summary>
internal sealed class OwnEndpoint : IDisableCorsAttribute;

/// <summary>Marks an endpoint whose POST changes nothing: a log beacon, an address that is not there.</summary>
internal sealed class WithoutCsrf;

/// <summary>Marks an endpoint whose POST starts a sign-in, which is limited.</summary>
internal sealed class StartsSignIn;

/// <summary>What a POST without a CSRF token gets, where it is not the sign-in page.</summary>
internal sealed record CsrfRefusal(IResult Answer);

/// <summary>Marks an endpoint whose answer depends on no return address.</summary>
internal sealed class SendsNobodyAnywhere;

/// <summary>Marks an endpoint that gives everyone the same response, so the session is not looked up.</summary>
internal sealed class AnswersAllAlike;
