namespace BlazorAuth.Sessions;

/// <summary>The request's session counts, and its user is on the way, in whatever principal the app makes of it.</summary>
internal sealed class AcceptedSession
{
    public static readonly AcceptedSession Mark = new();
}
