using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The result of a check of a CEN, a CIDR block and a code.</summary>
/// <param name="VerificationId">The id of the verification.</param>
/// <param name="Status">The result, for programs.</param>
/// <param name="Detail">The result, for people.</param>
/// <param name="FreeCidrBlocks">CIDR blocks that overlap no route, if the checked one overlaps a route.</param>
/// <param name="Conflicts">The routes that the checked CIDR block overlaps.</param>
/// <param name="RequestId">Alibaba Cloud's id of the request.</param>
public sealed record CenCheckView(
    Guid VerificationId,
    CenCheckStatus Status,
    string Detail,
    IReadOnlyList<string> FreeCidrBlocks,
    IReadOnlyList<CenRoute> Conflicts,
    string RequestId)
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    internal static CenCheckView Create(Guid verificationId, CenCheck check) =>
        new(verificationId, check.Status, Describe(check.Status), check.FreeCidrBlocks, check.Routes, check.RequestId);

    /// <summary>The result of a check in a sentence. Chats use the same words.</summary>
    internal static string Describe(CenCheckStatus status) => $"{English.Status(status)}.";
}

/// <summary>A page of verifications.</summary>
/// <param name="Items">The verifications, oldest first.</param>
/// <param name="Unreadable">The ids of verifications that only a newer version of the app can read.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record VerificationListView(
    IReadOnlyList<VerificationView> Items,
    IReadOnlyList<Guid> Unreadable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Guid? Next);

/// <summary>The health of the app. If the app is unhealthy, only the log has the reason.</summary>
/// <param name="Status">The health.</param>
/// <param name="Closed">
/// The settings sections that are closed because a secret is invalid, such as <c>ChatOps:Slack</c>; left out if there
/// are none. The other parts of the app run, so a closed section does not make the app unhealthy.
/// </param>
public sealed record HealthView(
    [property: AllowedValues("healthy", "unhealthy")] string Status, IReadOnlyList<string>? Closed = null);
