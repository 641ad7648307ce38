using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>What became of a wish to check or to attach a CEN.</summary>
public abstract record AttachResult
{
    private AttachResult()
    {
    }

    /// <summary>There is none with that id.</summary>
    public sealed record NotFound : AttachResult;

    /// <summary>It is closed; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : AttachResult;

    /// <summary>A code is being sent, or the CEN is being attached; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : AttachResult;

    /// <summary>The verification names no CEN, so that there is nothing to attach; nothing was done.</summary>
    public sealed record WithoutCen(Verification Verification) : AttachResult;

    /// <summary>Alibaba has looked at it.</summary>
    public sealed record Checked(Verification Verification, CenCheck Check, string RequestId) : AttachResult;

    /// <summary>The CEN is attached, and the verification completed.</summary>
    public sealed record Attached(Verification Verification) : AttachResult;

    /// <summary>It was not done: Alibaba refused, was not reached, or shows that nothing is attached.</summary>
    /// <param name="Verification">The verification, open as before.</param>
    /// <param name="Outcome">How the call ended.</param>
    public sealed record NotDone(Verification Verification, EcdOutcome Outcome) : AttachResult;

    /// <summary>Nobody knows yet whether it was done.</summary>
    public sealed record Unknown(Verification Verification, EcdOutcome.Unknown Outcome) : AttachResult;
}
