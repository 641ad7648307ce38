using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Checks whether the CEN of a verification can be attached. The number of checks is limited, because Alibaba counts
/// wrong codes.
/// </summary>
public sealed class CheckCen(Attachments attachments, EcdClient ecd)
{
    /// <summary>A request to check a CEN.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="CidrBlock">The addresses of the planned office network.</param>
    /// <param name="Code">The code; null if the caller owns the CEN.</param>
    public sealed record Request(Guid Id, CidrBlock CidrBlock, VerifyCode? Code);

    /// <param name="request">The request.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    public async Task<CodeUseResult> RunAsync(
        Request request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (started, refusal) = await attachments.StartAsync(
            request.Id, officeSiteId: null, (found, now) => found.BeginCheck(now), key, cancellationToken);
        if (started is null)
        {
            return refusal!;
        }

        var outcome = await ecd.CallAsync(
            new VerifyCen(started.Target, request.CidrBlock, request.Code), CancellationToken.None);
        return outcome.Match<CodeUseResult>(
            check => new CodeUseResult.Checked(started, check),
            failure => new CodeUseResult.Failed(started, failure));
    }
}
