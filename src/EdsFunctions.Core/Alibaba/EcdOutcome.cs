namespace EdsFunctions.Core.Alibaba;

/// <summary>The outcome of a call that must not be made twice: a response or a failure, and no exception.</summary>
/// <typeparam name="T">The response of the operation.</typeparam>
public sealed record EcdOutcome<T>
    where T : EcdResponse
{
    private EcdOutcome(T? response, EcdFailure? failure) => (Response, Failure) = (response, failure);

    /// <summary>The response if Alibaba accepted the request, otherwise null.</summary>
    public T? Response { get; }

    /// <summary>Why the request is not known to be accepted; null if it was accepted.</summary>
    public EcdFailure? Failure { get; }

    public static implicit operator EcdOutcome<T>(T response) => new(response, failure: null);

    public static implicit operator EcdOutcome<T>(EcdFailure failure) => new(response: null, failure);

    public TResult Match<TResult>(Func<T, TResult> accepted, Func<EcdFailure, TResult> failed) =>
        Failure is null ? accepted(Response!) : failed(Failure);

    /// <summary>The case in one word, for logs and metrics.</summary>
    public string Name() => Failure?.Name() ?? "accepted";
}

/// <summary>
/// Why a request is not known to be accepted. A new case needs a parameter of <see cref="Match"/>, so that the compiler
/// finds every place that has to handle it.
/// </summary>
public abstract record EcdFailure
{
    private EcdFailure()
    {
    }

    /// <summary>Alibaba refused the request: nothing was done.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Rejected(EcdError Error) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            rejected(this);
    }

    /// <summary>The request did not reach Alibaba completely: nothing was done.</summary>
    /// <param name="Reason">Why, without any part of the request.</param>
    public sealed record NotSent(string Reason) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            notSent(this);
    }

    /// <summary>The request left, and no usable response came back: it may have been done.</summary>
    /// <param name="Reason">Why, without any part of the request.</param>
    /// <param name="Error">The error in the response, if it had one: Alibaba can look up its request id.</param>
    public sealed record Unknown(string Reason, EcdError? Error = null) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            unknown(this);
    }

    public abstract TResult Match<TResult>(
        Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown);

    /// <summary>The case in one word, for logs and metrics.</summary>
    public string Name() => Match(rejected => "rejected", notSent => "not-sent", unknown => "unknown");
}
