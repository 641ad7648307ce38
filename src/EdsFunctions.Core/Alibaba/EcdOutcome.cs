namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// How a call that must not be made twice ended. There are four cases and no exception: whoever calls has to say what follows
/// from each.
/// </summary>
public abstract record EcdOutcome
{
    /// <summary>Alibaba took the request: a code is on its way, a CEN attached.</summary>
    /// <param name="RequestId">Alibaba's id of the request.</param>
    public sealed record Accepted(string RequestId) : EcdOutcome
    {
        /// <summary>What the answer says beyond that, for an operation whose answers do.</summary>
        internal object? Answer { get; init; }
    }

    /// <summary>Alibaba refused the request: nothing was done.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Rejected(EcdError Error) : EcdOutcome;

    /// <summary>The request never reached Alibaba whole: nothing was done.</summary>
    /// <param name="Reason">Why, in words without any part of the request.</param>
    public sealed record NotSent(string Reason) : EcdOutcome;

    /// <summary>The request left, and no usable answer came back: it may have been done.</summary>
    /// <param name="Reason">Why, in words without any part of the request.</param>
    /// <param name="Error">What Alibaba said, if it said something: its request id is what one can ask Alibaba about.</param>
    public sealed record Unknown(string Reason, EcdError? Error = null) : EcdOutcome;

    /// <summary>The case in one word, for logs and metrics.</summary>
    public string Name() => this switch
    {
        Accepted => "accepted",
        Rejected => "rejected",
        NotSent => "not-sent",
        _ => "unknown",
    };
}
