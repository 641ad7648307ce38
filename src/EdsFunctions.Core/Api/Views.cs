using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>What Alibaba says of a CEN, a block of addresses and a code.</summary>
/// <param name="VerificationId">The verification that it is about.</param>
/// <param name="Status">What is right or wrong: what callers decide by.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="FreeCidrBlocks">Where the block overlaps: blocks that do not.</param>
/// <param name="Conflicts">Where the block overlaps: with what.</param>
/// <param name="RequestId">Alibaba's id of the request.</param>
public sealed record CenCheckView(
    Guid VerificationId,
    CenCheckStatus Status,
    string Detail,
    IReadOnlyList<string> FreeCidrBlocks,
    IReadOnlyList<CenRoute> Conflicts,
    string RequestId)
{
    internal static CenCheckView Create(Guid verificationId, CenCheck check) =>
        new(verificationId, check.Status, Words(check.Status), check.FreeCidrBlocks, check.Routes, check.RequestId);

    /// <summary>A status in words.</summary>
    internal static string Words(CenCheckStatus status) => status switch
    {
        CenCheckStatus.Valid => "The CEN can be attached.",
        CenCheckStatus.CidrConflict => "The block of addresses overlaps with a route of the CEN; choose another one.",
        CenCheckStatus.CodeWrong => "The code is not the one that was sent last, or it is too old.",
        CenCheckStatus.CodeExhausted => "The code was tried too often; have another one sent.",
        CenCheckStatus.WrongAccount => "The CEN belongs to another account than the one that the code was sent to.",
        CenCheckStatus.NoSuchCen => "The account that the code was sent to has no such CEN.",
        _ => "Alibaba says something that is not documented.",
    };
}

/// <summary>A page of verifications.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Unreadable">The ids of those that a newer version of the app has written, and that this one cannot read.</param>
/// <param name="Next">The value of <c>after</c> that continues; null on the last page.</param>
public sealed record VerificationListView(
    IReadOnlyList<VerificationView> Items,
    IReadOnlyList<Guid> Unreadable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Guid? Next);

/// <summary>Whether the app can work; the reason is in the log, not here.</summary>
/// <param name="Status">The result.</param>
public sealed record HealthView([property: AllowedValues("healthy", "unhealthy")] string Status);
