namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>How an operation ended for the one who asked.</summary>
/// <param name="Kind">The case in one word.</param>
/// <param name="Row">Which verification it is about.</param>
/// <param name="State">Where that one stands, as the answer says.</param>
/// <param name="Send">Which send it is about.</param>
/// <param name="Failure">Why there is no acceptance.</param>
/// <param name="Text">The first answer, word by word, in a repeat.</param>
/// <param name="RetryAfter">How long to wait.</param>
internal sealed record Reply(
    string Kind,
    int? Row = null,
    VerificationState? State = null,
    int? Send = null,
    SendFailureKind? Failure = null,
    string? Text = null,
    TimeSpan? RetryAfter = null)
{
    public const string Stopped = "did not end";

    public override string ToString() => string.Join(" ", new[]
    {
        Kind,
        Row is null ? null : $"#{Row}",
        State?.Name(),
        Send is null ? null : $"send {Send}",
        Failure is null ? null : $"({Failure})",
        Text is null ? null : $"'{Text}'",
        RetryAfter is null ? null : $"retry after {RetryAfter:c}",
    }.OfType<string>());

    /// <summary>What a caller is told of a send, and a repeat with the same key again.</summary>
    public static string Words(int operation, VerificationState state, int send, SendFailureKind? failure) =>
        $"answer {operation}: {state.Name()}, send {send}{(failure is null ? "" : $", {failure}")}";
}
