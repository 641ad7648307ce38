namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The parameters of a request to the simulator that name a CEN, and that show that the caller may use it.
/// </summary>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>.</param>
/// <param name="OwnerId">The account that owns the CEN; null if the caller owns the CEN.</param>
/// <param name="Code">The code that the owner received; null if the caller owns the CEN.</param>
internal sealed record CenClaim(string CenId, long? OwnerId, string? Code);

/// <summary>
/// The owner and the latest code of each CEN in the simulator, for the last 100,000 CENs. The simulator has no
/// accounts: the owner of a CEN is the account to which the first code for this CEN was sent.
/// </summary>
internal sealed class CenRegistry(SimulatorOptions options, TimeProvider time, int capacity = 100_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, KnownCen> known = [];
    private readonly Queue<string> byAge = new();

    /// <summary>
    /// Adds a code for a CEN. The new code replaces the previous one, and resets the count of wrong codes.
    /// </summary>
    public void AddCode(string cenId, long ownerId, string code)
    {
        lock (gate)
        {
            if (!known.TryGetValue(cenId, out var cen))
            {
                if (known.Count == capacity)
                    known.Remove(byAge.Dequeue());
                byAge.Enqueue(cenId);
            }

            if (cen is null || cen.OwnerId == ownerId)
                known[cenId] = new KnownCen(ownerId, code, time.GetUtcNow() + options.CodeLifetime, WrongCodes: 0);
        }
    }

    /// <summary>
    /// Checks a claim, but does not use up its code. Alibaba does not document whether VerifyCen uses up a code.
    /// </summary>
    /// <returns>Alibaba's error name; null if the claim is valid.</returns>
    public string? Check(CenClaim claim)
    {
        lock (gate)
        {
            // If no code was sent for a CEN, the caller counts as its owner, and needs no code.
            if (!known.TryGetValue(claim.CenId, out var cen))
                return claim.OwnerId is null ? null : "InvalidCen.ParameterCenInstanceId";
            if (cen.OwnerId != claim.OwnerId)
                return "InvalidCen.CenUidInvalid";
            if (cen.WrongCodes >= options.MaxWrongCodes)
                return "VerifyCode.ReachTokenRetryTime";
            if (cen.Code is not null && cen.Code == claim.Code && time.GetUtcNow() < cen.ValidUntil)
                return null;

            known[claim.CenId] = cen with { WrongCodes = cen.WrongCodes + 1 };
            return "VerifyCode.InvalidTokenCode";
        }
    }

    /// <summary>Uses up the code of a claim.</summary>
    /// <exception cref="EcdRefusal">The claim is invalid.</exception>
    public void Redeem(CenClaim claim)
    {
        lock (gate)
        {
            if (Check(claim) is { } problem)
                throw new EcdRefusal(400, problem, $"The CEN cannot be attached: {problem}.");
            if (claim.OwnerId is not null)
                known[claim.CenId] = known[claim.CenId] with { Code = null };
        }
    }

    /// <param name="OwnerId">The account that owns the CEN.</param>
    /// <param name="Code">The latest code; null if it was used up.</param>
    /// <param name="ValidUntil">When the code expires.</param>
    /// <param name="WrongCodes">The number of wrong codes since the latest code was sent.</param>
    private sealed record KnownCen(long OwnerId, string? Code, DateTimeOffset ValidUntil, int WrongCodes);
}
