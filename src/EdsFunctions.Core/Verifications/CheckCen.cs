using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>Asks whether the CEN of a verification can be attached. A wrong code counts as a try at Alibaba.</summary>
public sealed class CheckCen(Attachments attachments, EcdClient ecd)
{
    /// <summary>Someone asks whether a CEN can be attached.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="CidrBlock">The addresses of the office network.</param>
    /// <param name="Code">The code; null where the caller owns the CEN.</param>
    public sealed record Request(Guid Id, CidrBlock CidrBlock, VerifyCode? Code);

    /// <param name="request">The request.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    public async Task<AttachToOfficeSite.Result> RunAsync(
        Request request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (begun, refusal) = await attachments.BeginAsync(
            request.Id, officeSiteId: null, (found, now) => found.BeginCheck(now), key, cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        var outcome = await ecd.CallAsync(
            new VerifyCen(begun.Target, request.CidrBlock, request.Code), CancellationToken.None);
        return outcome.Match<AttachToOfficeSite.Result>(
            check => new AttachToOfficeSite.Result.Checked(begun, check),
            failure => new AttachToOfficeSite.Result.Failed(begun, failure));
    }
}
