namespace EdsFunctions.EcdSimulator;

/// <summary>What a caller says of a CEN that it wants to use.</summary>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>.</param>
/// <param name="OwnerId">The account it belongs to; null where the caller says that it is its own.</param>
/// <param name="Code">What that account was e-mailed and handed over; there is one where there is an owner.</param>
internal sealed record CenClaim(string CenId, long? OwnerId, string? Code);
