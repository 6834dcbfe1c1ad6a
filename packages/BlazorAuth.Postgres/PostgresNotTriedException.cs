namespace BlazorAuth.Stores.Postgres;

/// <summary>A call was not made, so it says nothing about any connection: the server hangs and another call tries it, or too many calls are under way.</summary>
internal sealed class PostgresNotTriedException : TimeoutException;
