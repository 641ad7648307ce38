using EdsFunctions.Core.Alibaba;
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
        AttachResult.Attached done => VerificationEndpoints.Show(StatusCodes.Status200OK, done.Verification),
        AttachResult.AlreadyClosed closed => Problems.Closed(closed.Verification),
        AttachResult.InProgress inProgress => Problems.InProgress(inProgress.Verification),
        AttachResult.WithoutCen without => Problems.WithoutCen(without.Verification),
        AttachResult.Unknown unknown => Problems.UseUnknown(unknown.Verification, unknown.Outcome),
        AttachResult.NotDone notDone => Problems.UseNotDone(notDone.Verification, notDone.Outcome, permission),
        _ => Problems.NotFound(),
    };
}

/// <summary>The body of a request to check a code: <c>cidrBlock</c>, and <c>verifyCode</c> unless the CEN is the caller's own.</summary>
internal sealed record CheckRequest(CidrBlock CidrBlock, VerifyCode? Code)
{
    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static CheckRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", ["cidrBlock", "verifyCode"], errors);
        fields.Require("cidrBlock");
        var block = fields.Value(
            "cidrBlock",
            CidrBlock.MaxLength,
            CidrBlock.Parse,
            "must be a block of IPv4 addresses such as 192.168.0.0/24, without bits behind the prefix");
        var code = fields.VerifyCode("verifyCode");
        errors.ThrowIfAny();
        return new CheckRequest(block!.Value, code);
    }
}

/// <summary>
/// The body of a request to attach a CEN: <c>officeSiteId</c>, <c>verifyCode</c> unless the CEN is the caller's own, and optionally
/// <c>by</c>.
/// </summary>
internal sealed record AttachRequest(OfficeSiteId OfficeSiteId, VerifyCode? Code, string? By)
{
    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static AttachRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", ["officeSiteId", "verifyCode", "by"], errors);
        fields.Require("officeSiteId");
        var site = fields.Value(
            "officeSiteId",
            OfficeSiteId.MaxLength,
            OfficeSiteId.Parse,
            "must be the id of an office network such as cn-hangzhou+dir-363353xxxx");
        var code = fields.VerifyCode("verifyCode");
        var by = fields.Who("by");
        errors.ThrowIfAny();
        return new AttachRequest(site!.Value, code, by);
    }
}
