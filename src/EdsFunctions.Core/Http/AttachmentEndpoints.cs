using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Http;

/// <summary>The HTTP side of what uses a code.</summary>
public sealed class AttachmentEndpoints(AttachmentService attachments, EndpointGuard guard)
{
    /// <summary>Asks whether a CEN can be attached: POST, body as <see cref="CheckRequest"/>.</summary>
    public Task<IResult> CheckAsync(HttpRequest request) =>
        guard.RunAsync(Functions.CheckCen, request, async cancellationToken =>
        {
            var check = CheckRequest.Read(await RequestBody.ReadAsync(request), new FieldErrors());
            return AnswerTo(
                await attachments.CheckAsync(
                    VerificationEndpoints.Id(request), check.CidrBlock, check.Code, key: null, cancellationToken),
                "ecd:VerifyCen");
        });

    /// <summary>Attaches a CEN and completes its verification: POST, body as <see cref="AttachRequest"/>.</summary>
    public Task<IResult> AttachAsync(HttpRequest request) =>
        guard.RunAsync(Functions.AttachCen, request, async cancellationToken =>
        {
            var attach = AttachRequest.Read(await RequestBody.ReadAsync(request), new FieldErrors());
            return AnswerTo(
                await attachments.AttachAsync(
                    VerificationEndpoints.Id(request), attach.OfficeSiteId, attach.Code, attach.By, key: null, cancellationToken),
                "ecd:AttachCen");
        });

    private static Answer AnswerTo(AttachResult result, string permission) => result switch
    {
        AttachResult.Checked done => Answer.Json(
            StatusCodes.Status200OK, CenCheckView.Of(done.Verification.Id, done.Check, done.RequestId), EdsJson.Default.CenCheckView),
        AttachResult.Attached done => SendAnswers.Show(StatusCodes.Status200OK, done.Verification),
        AttachResult.AlreadyClosed closed => Problems.Closed(closed.Verification),
        AttachResult.InProgress inProgress => Problems.InProgress(inProgress.Verification),
        AttachResult.WithoutCen without => Problems.WithoutCen(without.Verification),
        AttachResult.Unknown unknown => Problems.UseUnknown(unknown.Verification, unknown.Outcome),
        AttachResult.NotDone notDone => Problems.UseNotDone(notDone.Verification, notDone.Outcome, permission),
        _ => Problems.NotFound(),
    };
}
