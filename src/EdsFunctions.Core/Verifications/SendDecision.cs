namespace EdsFunctions.Core.Verifications;

/// <summary>What follows when a code is asked for.</summary>
public abstract record SendDecision
{
    private SendDecision()
    {
    }

    /// <summary>Record this, then send.</summary>
    public sealed record Send(Verification Next) : SendDecision;

    /// <summary>A code was sent a moment ago.</summary>
    public sealed record TooSoon(Verification Open, TimeSpan RetryAfter) : SendDecision;

    /// <summary>A code is being sent.</summary>
    public sealed record InProgress(Verification Open) : SendDecision;
}
