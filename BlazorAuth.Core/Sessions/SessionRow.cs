using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>A session's row, opened.</summary>
/// <param name="Record">As the store has it.</param>
/// <param name="Content">What it grants; null when no secret opens it.</param>
/// <param name="IsSealedByFirst">Whether the first secret sealed it; otherwise it is to be sealed again while the other one is still set.</param>
internal sealed record SessionRow(SessionRecord Record, RowContent? Content, bool IsSealedByFirst);
