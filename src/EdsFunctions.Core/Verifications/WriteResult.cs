namespace EdsFunctions.Core.Verifications;

/// <summary>How a write to the store ended.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>It is durable.</summary>
    /// <param name="Verification">As stored, with its new version.</param>
    public sealed record Written(Verification Verification) : WriteResult;

    /// <summary>Another writer was first; nothing was written. Read again.</summary>
    public sealed record Conflict : WriteResult;

    /// <summary>The idempotency key is taken; nothing was written.</summary>
    public sealed record KeyTaken : WriteResult;
}
