using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>The result of a request to check or to attach a CEN.</summary>
public abstract record CodeUseResult
{
    /// <summary>
    /// Whether a repeat of the request gets this result. Otherwise, the app processes the repeat like a new request.
    /// </summary>
    public bool IsFinal => this is Attached or Checked
        || this is Failed { Failure: EcdFailure.Rejected { Error.Kind: not EcdErrorKind.Throttled } };

    /// <summary>No verification has the id.</summary>
    public sealed record NotFound : CodeUseResult;

    /// <summary>The verification is closed; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : CodeUseResult;

    /// <summary>A code is being sent, or the CEN is being attached; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : CodeUseResult;

    /// <summary>The verification has no CEN; nothing was done.</summary>
    public sealed record WithoutCen(Verification Verification) : CodeUseResult;

    /// <summary>The limit of checks is reached; nothing was done.</summary>
    public sealed record TooManyChecks(Verification Verification, TimeSpan RetryAfter) : CodeUseResult;

    /// <summary>The request is a repeat; nothing was done.</summary>
    public sealed record Repeated(Repeat Repeat) : CodeUseResult;

    /// <summary>Alibaba has checked the code.</summary>
    public sealed record Checked(Verification Verification, CenCheck Check) : CodeUseResult;

    /// <summary>The CEN is attached, and the verification is completed.</summary>
    public sealed record Attached(Verification Verification) : CodeUseResult;

    /// <summary>
    /// Alibaba Cloud has accepted the request but does not list the attachment yet. The timer checks again.
    /// </summary>
    public sealed record Accepted(Verification Verification) : CodeUseResult;

    /// <summary>The request failed. Alibaba did nothing, unless the outcome is unknown.</summary>
    /// <param name="Verification">The verification, which stays open.</param>
    /// <param name="Failure">The reason.</param>
    public sealed record Failed(Verification Verification, EcdFailure Failure) : CodeUseResult;
}
