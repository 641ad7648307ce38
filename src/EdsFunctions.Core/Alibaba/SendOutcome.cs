namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// How a call that must not be made twice ended. There are four cases and no exception: whoever calls has to say what follows
/// from each.
/// </summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Alibaba took the request: the e-mail is on its way.</summary>
    /// <param name="RequestId">Alibaba's id of the request.</param>
    public sealed record Accepted(string RequestId) : SendOutcome
    {
        /// <summary>What the answer says beyond that, for an operation whose answers do.</summary>
        internal object? Answer { get; init; }
    }

    /// <summary>Alibaba refused the request: no e-mail.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Rejected(EcdError Error) : SendOutcome;

    /// <summary>The request never reached Alibaba whole: no e-mail.</summary>
    /// <param name="Reason">Why, in words without any part of the request.</param>
    public sealed record NotSent(string Reason) : SendOutcome;

    /// <summary>The request left, and no usable answer came back: the e-mail may be on its way.</summary>
    /// <param name="Reason">Why, in words without any part of the request.</param>
    /// <param name="Error">What Alibaba said, if it said something: its request id is what one can ask Alibaba about.</param>
    public sealed record Unknown(string Reason, EcdError? Error = null) : SendOutcome;

    /// <summary>The case in one word, for logs and metrics.</summary>
    public string Name() => this switch
    {
        Accepted => "accepted",
        Rejected => "rejected",
        NotSent => "not-sent",
        _ => "unknown",
    };
}
