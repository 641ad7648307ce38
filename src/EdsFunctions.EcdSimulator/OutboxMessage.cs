namespace EdsFunctions.EcdSimulator;

/// <summary>An e-mail with a verification code.</summary>
/// <param name="RegionId">Such as <c>cn-hangzhou</c>.</param>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>; null where the request came without ExtraInfo.</param>
/// <param name="CenOwnerId">The account that gets the e-mail; null for the caller's own.</param>
/// <param name="Code">Six digits.</param>
/// <param name="SentAt">By the simulator's clock.</param>
/// <param name="RequestId">Of the answer that said it was sent.</param>
public sealed record OutboxMessage(
    string RegionId,
    string? CenId,
    long? CenOwnerId,
    string Code,
    DateTimeOffset SentAt,
    string RequestId);
