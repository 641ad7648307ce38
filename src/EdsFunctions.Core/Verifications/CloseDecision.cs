namespace EdsFunctions.Core.Verifications;

/// <summary>What follows when someone wants to close a verification.</summary>
public abstract record CloseDecision
{
    private CloseDecision()
    {
    }

    /// <summary>Record this.</summary>
    public sealed record Close(Verification Next) : CloseDecision;

    /// <summary>It is closed.</summary>
    public sealed record AlreadyClosed(Verification Found) : CloseDecision;

    /// <summary>A code is being sent; how that ends decides.</summary>
    public sealed record InProgress(Verification Open) : CloseDecision;
}
