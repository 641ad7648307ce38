namespace EdsFunctions.Core.Verifications;

/// <summary>What became of a wish to close a verification.</summary>
public abstract record CloseResult
{
    private CloseResult()
    {
    }

    /// <summary>It is closed now.</summary>
    public sealed record Closed(Verification Verification) : CloseResult;

    /// <summary>It was closed before; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : CloseResult;

    /// <summary>A code is being sent; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : CloseResult;

    /// <summary>There is none with that id.</summary>
    public sealed record NotFound : CloseResult;
}
