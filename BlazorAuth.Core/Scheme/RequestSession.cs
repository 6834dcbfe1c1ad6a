using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth.Scheme;

/// <summary>The session of a sign-out that came while the store could not be asked.</summary>
/// <param name="Ticket">What the token says.</param>
/// <param name="IsProven">Whether the token itself shows that it is so.</param>
/// <param name="AuthJs">How an Auth.js token came; null for one of BlazorAuth's.</param>
internal sealed record UncheckedSession(SessionTicket Ticket, bool IsProven, AuthJsToken? AuthJs);

/// <summary>The session that this request itself signed out: an app may sign its person in again at once.</summary>
internal sealed record EndedHere(string SessionId);

/// <summary>Says that the request carried a session cookie that is none (any more).</summary>
internal sealed record RefusedSession(SessionRefusal Refusal, bool MayBeDeleted);

/// <summary>
/// Marks a request with session cookies of two people, or with more of them than are looked at, so that none was accepted: another site on this domain sets cookies.
/// </summary>
internal sealed class ConflictingSessions;
