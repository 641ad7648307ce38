namespace EdsFunctions.EcdSimulator;

/// <summary>What a caller claims about the CEN that it wants to use.</summary>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>.</param>
/// <param name="OwnerId">The account it belongs to; null if the caller claims to own it.</param>
/// <param name="Code">The code that this account was e-mailed; null without an owner.</param>
internal sealed record CenClaim(string CenId, long? OwnerId, string? Code);

/// <summary>
/// The owner of each CEN and the last code sent to it, for the last 100,000 CENs. The simulator knows accounts only
/// from the codes it sends: the first owner that one is sent to owns the CEN.
/// </summary>
internal sealed class CenRegistry(SimulatorOptions options, TimeProvider time, int capacity = 100_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, KnownCen> known = [];
    private readonly Queue<string> byAge = new();

    /// <summary>A new code replaces the previous one and resets the count of wrong codes.</summary>
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

    /// <summary>The code stays valid: whether Alibaba's does after VerifyCen is not documented.</summary>
    /// <returns>Null, or Alibaba's name for the problem.</returns>
    public string? Check(CenClaim claim)
    {
        lock (gate)
        {
            // A CEN without any code is taken for the caller's own, since no code is sent for such a one.
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
    /// <exception cref="EcdRefusal">The claim has a problem.</exception>
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

    /// <param name="OwnerId">Its owner.</param>
    /// <param name="Code">Null once it was used up.</param>
    /// <param name="ValidUntil">When the code expires.</param>
    /// <param name="WrongCodes">How many were tried since it was sent.</param>
    private sealed record KnownCen(long OwnerId, string? Code, DateTimeOffset ValidUntil, int WrongCodes);
}
