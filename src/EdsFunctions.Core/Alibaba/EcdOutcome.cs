namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The outcome of a call to Alibaba: a response or a failure. Calls report failures in this way, and throw no
/// exceptions.
/// </summary>
/// <typeparam name="T">The response of the operation.</typeparam>
public sealed record EcdOutcome<T>
    where T : EcdResponse
{
    private EcdOutcome(T? response, EcdFailure? failure) => (Response, Failure) = (response, failure);

    /// <summary>The response if Alibaba accepted the request; otherwise null.</summary>
    public T? Response { get; }

    /// <summary>The failure; null if Alibaba accepted the request.</summary>
    public EcdFailure? Failure { get; }

    public static implicit operator EcdOutcome<T>(T response) => new(response, failure: null);

    public static implicit operator EcdOutcome<T>(EcdFailure failure) => new(response: null, failure);

    public TResult Match<TResult>(Func<T, TResult> accepted, Func<EcdFailure, TResult> failed) =>
        Failure is null ? accepted(Response!) : failed(Failure);

    /// <summary>The name of the case in logs and metrics.</summary>
    public string Name() => Failure?.Name() ?? "accepted";
}

/// <summary>
/// Why Alibaba did not accept a request, or may not have accepted it. A new kind of failure needs a parameter of <see
/// cref="Match"/>, so that the compiler finds every caller that must handle it.
/// </summary>
public abstract record EcdFailure
{
    private EcdFailure()
    {
    }

    /// <summary>Alibaba rejected the request, and did nothing.</summary>
    /// <param name="Error">Alibaba's error.</param>
    public sealed record Rejected(EcdError Error) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            rejected(this);
    }

    /// <summary>Alibaba did not receive the whole request, so it did nothing.</summary>
    /// <param name="Reason">A phrase for logs and problem details; contains no part of the request.</param>
    public sealed record NotSent(string Reason) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            notSent(this);
    }

    /// <summary>
    /// The request was sent, and no valid response came back. Alibaba may have carried out the request.
    /// </summary>
    /// <param name="Reason">A phrase for logs and problem details; contains no part of the request.</param>
    /// <param name="Error">
    /// The error in Alibaba's response, with the request id; null if the response has no error.
    /// </param>
    public sealed record Unknown(string Reason, EcdError? Error = null) : EcdFailure
    {
        public override TResult Match<TResult>(
            Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown) =>
            unknown(this);
    }

    public abstract TResult Match<TResult>(
        Func<Rejected, TResult> rejected, Func<NotSent, TResult> notSent, Func<Unknown, TResult> unknown);

    /// <summary>The name of the case in logs and metrics.</summary>
    public string Name() => Match(rejected => "rejected", notSent => "not-sent", unknown => "unknown");
}
