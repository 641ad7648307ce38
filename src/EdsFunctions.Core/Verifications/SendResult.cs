namespace EdsFunctions.Core.Verifications;

/// <summary>What became of a request for a code.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>It was recorded and sent, once; the record says how it ended.</summary>
    public sealed record Sent(Verification Verification) : SendResult;

    /// <summary>A code is being sent for the same target; nothing was done.</summary>
    public sealed record InProgress(Verification Open) : SendResult;

    /// <summary>A code was sent for the same target a moment ago; nothing was done.</summary>
    public sealed record TooSoon(Verification Open, TimeSpan RetryAfter) : SendResult;

    /// <summary>The request came before; nothing was done.</summary>
    /// <param name="Verification">As it stands now.</param>
    /// <param name="Answer">What the first one was answered; null if that is not known, the process having died.</param>
    public sealed record Repeated(Verification Verification, string? Answer) : SendResult;

    /// <summary>The idempotency key came before, with another request; nothing was done.</summary>
    public sealed record KeyReused : SendResult;
}
