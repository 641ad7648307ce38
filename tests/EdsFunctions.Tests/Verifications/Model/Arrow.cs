namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A change of state, as the store has seen it.</summary>
/// <param name="From">Null for a new verification.</param>
/// <param name="To">The state that was written.</param>
/// <param name="SentAnew">Whether its latest send is not its first.</param>
/// <param name="Looked">Whether this is what a run writes that has looked where the CEN is attached.</param>
internal sealed record Arrow(VerificationState? From, VerificationState To, bool SentAnew, bool Looked)
{
    public bool IsAllowed => (From, To) switch
    {
        (null, VerificationState.Sending) => !SentAnew,
        // Sent anew where the process that sent before has died.
        (VerificationState.Sending, VerificationState.Sending) => SentAnew || Looked,
        (VerificationState.Sending, VerificationState.Pending or VerificationState.Unknown) => true,
        (VerificationState.Sending or VerificationState.Unknown, VerificationState.Failed) => !SentAnew,
        // Of a send whose process has died; completed as well where the CEN was found attached.
        (VerificationState.Sending, VerificationState.Completed or VerificationState.Cancelled) => true,
        (VerificationState.Pending, VerificationState.Pending) => true,
        (VerificationState.Unknown, VerificationState.Unknown or VerificationState.Pending) => true,
        (VerificationState.Pending or VerificationState.Unknown, VerificationState.Sending) => SentAnew,
        (VerificationState.Pending or VerificationState.Unknown,
            VerificationState.Completed or VerificationState.Cancelled or VerificationState.Expired) => true,
        _ => false,
    };

    public override string ToString() => $"{From?.Name() ?? "nothing"} → {To.Name()}{(SentAnew ? ", sent anew" : "")}";
}
