namespace EdsFunctions.Core.Verifications;

/// <summary>Which verifications to list.</summary>
/// <param name="States">In one of these states; null for all.</param>
/// <param name="RegionId">In this region; null for all.</param>
/// <param name="CreatedBefore">Created before this time; null for all.</param>
/// <param name="After">With an id behind this one, to page on; null from the start.</param>
/// <param name="Limit">How many at most.</param>
public sealed record VerificationQuery(
    IReadOnlyList<VerificationState>? States, string? RegionId, DateTimeOffset? CreatedBefore, Guid? After, int Limit);
