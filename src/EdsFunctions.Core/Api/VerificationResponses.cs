using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>Creates the HTTP responses that show a verification, and those to a send or a resend.</summary>
internal static class VerificationResponses
{
    public static EndpointResult Create(SendVerification.Result result) => result switch
    {
        SendVerification.Result.Sent sent => Sent(sent.Verification),
        SendVerification.Result.AlreadyOpen { IsRepeat: true } repeated => AlreadyOpen(repeated.Open).AsReplay(),
        SendVerification.Result.AlreadyOpen open => AlreadyOpen(open.Open),
        SendVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Open),
        SendVerification.Result.TooSoon tooSoon => Problems.TooSoon(tooSoon.Verification, tooSoon.RetryAfter),
        SendVerification.Result.OwnerLimit limit => Problems.OwnerLimit(limit.RetryAfter),
        SendVerification.Result.Paused => Problems.SendingPaused(),
        SendVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
        SendVerification.Result.Repeated { Repeat: var repeat } => Create(repeat, Sent),
        _ => Problems.NotFound(),
    };

    /// <summary>
    /// Creates the response to a repeat of a request. If the first response was not stored, the response is made from
    /// the record.
    /// </summary>
    public static EndpointResult Create(Repeat repeat, Func<Verification, EndpointResult> create) => repeat switch
    {
        { KeyReused: true } => Problems.KeyReused(),
        { Response: { } stored } => EndpointResult.FromStored(stored),
        { Verification: { } verification } => create(verification).AsReplay(),
        _ => Problems.NotFound(),
    };

    public static EndpointResult Show(int status, Verification verification) =>
        EndpointResult.Json(status, VerificationView.Create(verification), EdsJson.Default.VerificationView);

    /// <summary>
    /// Creates the response to a send from the record only, because after a crash a repeat has nothing else.
    /// </summary>
    private static EndpointResult Sent(Verification verification) => verification switch
    {
        { LastFailure: { } failure } => Problems.SendFailed(verification, failure),
        { SendCount: 1 } =>
            ShowSent(StatusCodes.Status201Created, verification) with { Location = GetPath(verification) },
        _ => ShowSent(StatusCodes.Status200OK, verification),
    };

    private static EndpointResult AlreadyOpen(Verification verification) => EndpointResult.Json(
        StatusCodes.Status200OK,
        VerificationView.Create(verification) with
        {
            Sent = false,
            Resend = verification.IsOpen ? $"{GetPath(verification)}/resend" : null,
        },
        EdsJson.Default.VerificationView);

    private static string GetPath(Verification verification) =>
        $"/{VerificationEndpoints.RoutePrefix}/verifications/{verification.Id}";

    private static EndpointResult ShowSent(int status, Verification verification) => EndpointResult.Json(
        status,
        VerificationView.Create(verification) with { Sent = true },
        EdsJson.Default.VerificationView);
}
