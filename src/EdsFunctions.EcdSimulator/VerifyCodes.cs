namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Which CEN belongs to whom, and which code its owner was e-mailed last; of the last 100,000 CENs. The simulator knows
/// of no account but from the codes it sends: the first owner that one is sent for owns the CEN.
/// </summary>
internal sealed class VerifyCodes(SimulatorOptions options, TimeProvider time, int capacity = 100_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, KnownCen> known = [];
    private readonly Queue<string> byAge = new();

    /// <summary>A new code takes the place of the one before, and the tries begin anew.</summary>
    public void Remember(string cenId, long ownerId, string code)
    {
        lock (gate)
        {
            if (!known.TryGetValue(cenId, out var cen))
                Add(cenId, cen = new KnownCen(ownerId));
            if (cen.OwnerId == ownerId)
                cen.Renew(code, time.GetUtcNow() + options.CodeLifetime);
        }
    }

    /// <summary>Whether the claim is good. The code stays good: whether Alibaba's does after VerifyCen is not documented.</summary>
    /// <returns>Null, or Alibaba's word for what is wrong.</returns>
    public string? Check(CenClaim claim)
    {
        lock (gate)
            return ProblemWith(claim);
    }

    /// <summary>The same, but a good code is good no more.</summary>
    /// <returns>Null, or Alibaba's word for what is wrong.</returns>
    public string? Redeem(CenClaim claim)
    {
        lock (gate)
        {
            var problem = ProblemWith(claim);
            if (problem is null && claim.OwnerId is not null)
                known[claim.CenId].Code = null;
            return problem;
        }
    }

    /// <summary>A CEN that nothing is known of passes for the caller's own, since nobody sends a code for such a one.</summary>
    private string? ProblemWith(CenClaim claim)
    {
        if (!known.TryGetValue(claim.CenId, out var cen))
            return claim.OwnerId is null ? null : "InvalidCen.ParameterCenInstanceId";
        return cen.OwnerId == claim.OwnerId ? ProblemWith(cen, claim.Code) : "InvalidCen.CenUidInvalid";
    }

    private string? ProblemWith(KnownCen cen, string? code)
    {
        if (cen.WrongTries >= options.MaxWrongCodes)
            return "VerifyCode.ReachTokenRetryTime";
        if (cen.Code is not null && cen.Code == code && time.GetUtcNow() < cen.GoodUntil)
            return null;

        cen.WrongTries++;
        return "VerifyCode.InvalidTokenCode";
    }

    private void Add(string cenId, KnownCen cen)
    {
        if (known.Count == capacity)
            known.Remove(byAge.Dequeue());
        known.Add(cenId, cen);
        byAge.Enqueue(cenId);
    }

    private sealed class KnownCen(long ownerId)
    {
        public long OwnerId { get; } = ownerId;

        /// <summary>Null once it was used up.</summary>
        public string? Code { get; set; }

        public DateTimeOffset GoodUntil { get; private set; }

        public int WrongTries { get; set; }

        public void Renew(string code, DateTimeOffset goodUntil)
        {
            Code = code;
            GoodUntil = goodUntil;
            WrongTries = 0;
        }
    }
}
