using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Http;

/// <summary>What a caller hears of a send, whichever way the request came.</summary>
internal static class SendAnswers
{
    /// <summary>The answer to a request for a code.</summary>
    public static Answer Of(SendResult result) => result switch
    {
        SendResult.Sent sent => Sent(sent.Verification),
        SendResult.InProgress inProgress => Problems.InProgress(inProgress.Open),
        SendResult.TooSoon tooSoon => Problems.TooSoon(tooSoon.Open, tooSoon.RetryAfter),
        SendResult.Repeated { Answer: { } stored } => Answer.FromStored(stored),
        SendResult.Repeated repeated => Sent(repeated.Verification).AsReplay(),
        _ => Problems.KeyReused(),
    };

    /// <summary>How the latest send ended, from the record alone: a repeat after a crash has nothing else.</summary>
    private static Answer Sent(Verification verification) => verification switch
    {
        { LastFailure: { } failure } => Problems.NotAccepted(verification, failure),
        { SendCount: 1 } => Show(StatusCodes.Status201Created, verification) with
        {
            Location = $"/{Routes.Prefix}/{Routes.Verifications}/{verification.Id}",
        },
        _ => Show(StatusCodes.Status200OK, verification),
    };

    /// <summary>A verification as it stands.</summary>
    public static Answer Show(int status, Verification verification) =>
        Answer.Json(status, VerificationView.Of(verification), EdsJson.Default.VerificationView);
}
