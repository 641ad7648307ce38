using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP endpoints that use a code: one checks the code, and one attaches the CEN.</summary>
public sealed class AttachmentEndpoints(
    CheckCen check, AttachToOfficeSite attach, RepeatedRequests repeats, ExceptionFilter filter)
{
    /// <summary>Checks whether a CEN can be attached.</summary>
    public Task<IResult> CheckCen(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var name = IdempotencyKeyHeader.Read(request, errors);
            var (cidrBlock, code) = CheckRequest.Read(body, errors);
            var id = VerificationEndpoints.ReadId(request);
            // The fingerprint of the request does not include the code, so that not even a hash of the code is stored.
            var key = name is null
                ? null
                : IdempotencyKey.Create(name, nameof(CheckCen), id.ToString(), cidrBlock.Value);
            return await ToResponseAsync(
                await check.RunAsync(new(id, cidrBlock, code), key, cancellationToken), isCheck: true, key);
        });

    /// <summary>Attaches a CEN and completes its verification.</summary>
    public Task<IResult> AttachCen(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var name = IdempotencyKeyHeader.Read(request, errors);
            var (officeSiteId, code, by) = AttachRequest.Read(body, errors);
            var id = VerificationEndpoints.ReadId(request);
            var key = name is null
                ? null
                : IdempotencyKey.Create(name, nameof(AttachCen), id.ToString(), officeSiteId.Value, by);
            return await ToResponseAsync(
                await attach.RunAsync(new(id, officeSiteId, code, by), key, cancellationToken), isCheck: false, key);
        });

    /// <summary>
    /// Saves a final response under the idempotency key. A repeat of the request gets the same response. After any
    /// other response, a repeat is processed like a new request.
    /// </summary>
    private async Task<EndpointResult> ToResponseAsync(
        CodeUseResult result, bool isCheck, IdempotencyKey? key)
    {
        var response = ToResponse(result, isCheck);
        if (key is not null && result.IsFinal)
        {
            await repeats.SaveResponseAsync(key, response.ToStored());
        }

        return response;
    }

    private static EndpointResult ToResponse(CodeUseResult result, bool isCheck) => result switch
    {
        CodeUseResult.Checked done => EndpointResult.Json(
            StatusCodes.Status200OK,
            CenCheckView.Create(done.Verification.Id, done.Check),
            EdsJson.Default.CenCheckView),
        CodeUseResult.Attached done =>
            VerificationResponses.Show(StatusCodes.Status200OK, done.Verification),
        CodeUseResult.Accepted accepted =>
            VerificationResponses.Show(StatusCodes.Status202Accepted, accepted.Verification),
        CodeUseResult.AlreadyClosed closed => Problems.Closed(closed.Verification),
        CodeUseResult.InProgress inProgress => Problems.InProgress(inProgress.Verification),
        CodeUseResult.TooManyChecks checks =>
            Problems.TooManyChecks(checks.Verification, checks.RetryAfter),
        CodeUseResult.Repeated { Repeat: var repeat } => VerificationResponses.Create(
            repeat, verification => VerificationResponses.Show(StatusCodes.Status200OK, verification)),
        CodeUseResult.WithoutCen without => Problems.WithoutCen(without.Verification),
        CodeUseResult.Failed failed =>
            Problems.CodeUseFailed(failed.Verification, failed.Failure, isCheck),
        _ => Problems.NotFound(),
    };
}

/// <summary>A request to check a code.</summary>
/// <param name="CidrBlock">An IPv4 CIDR block, such as <c>192.168.1.0/24</c>.</param>
/// <param name="VerifyCode">The code that the owner of the CEN received; left out if the caller owns the CEN.</param>
public sealed record CheckRequest(CidrBlock CidrBlock, VerifyCode? VerifyCode)
{
    /// <exception cref="ProblemException">The request is invalid.</exception>
    internal static CheckRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", JsonFields.GetNames(typeof(CheckRequest)), errors);
        fields.Require("cidrBlock");
        var block = fields.Value(
            "cidrBlock",
            CidrBlock.MaxLength,
            CidrBlock.Parse,
            "must be an IPv4 CIDR block such as 192.168.0.0/24, with no bit set after the prefix");
        var code = fields.VerifyCode("verifyCode");
        errors.ThrowIfAny();
        return new CheckRequest(block!.Value, code);
    }
}

/// <summary>A request to attach a CEN.</summary>
/// <param name="OfficeSiteId">The id of the office network.</param>
/// <param name="VerifyCode">The code that the owner of the CEN received; left out if the caller owns the CEN.</param>
/// <param name="By">The person or program that attaches the CEN.</param>
public sealed record AttachRequest(
    OfficeSiteId OfficeSiteId,
    VerifyCode? VerifyCode,
    [property: StringLength(JsonFields.MaxActor)] string? By)
{
    /// <exception cref="ProblemException">The request is invalid.</exception>
    internal static AttachRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", JsonFields.GetNames(typeof(AttachRequest)), errors);
        fields.Require("officeSiteId");
        var site = fields.Value(
            "officeSiteId",
            OfficeSiteId.MaxLength,
            OfficeSiteId.Parse,
            "must be the id of an office network such as cn-hangzhou+dir-363353xxxx");
        var code = fields.VerifyCode("verifyCode");
        var by = fields.Actor("by");
        errors.ThrowIfAny();
        return new AttachRequest(site!.Value, code, by);
    }
}
