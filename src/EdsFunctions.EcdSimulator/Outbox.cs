namespace EdsFunctions.EcdSimulator;

/// <summary>An e-mail with a verification code, which the simulator only stores.</summary>
/// <param name="RegionId">Such as <c>cn-hangzhou</c>.</param>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>; null if the request had no ExtraInfo.</param>
/// <param name="CenOwnerId">The account of the recipient; null if the caller is the recipient.</param>
/// <param name="Code">Six digits.</param>
/// <param name="SentAt">By the simulator's clock.</param>
/// <param name="RequestId">The id of the request that sent the e-mail.</param>
public sealed record OutboxMessage(
    string RegionId,
    string? CenId,
    long? CenOwnerId,
    string Code,
    DateTimeOffset SentAt,
    string RequestId);

/// <summary>The last 100,000 e-mails.</summary>
public sealed class Outbox
{
    private readonly RecentItems<OutboxMessage> messages = new();

    /// <summary>
    /// A snapshot of the e-mails, oldest first. Only the latest code for an owner and a CEN is valid.
    /// </summary>
    public IReadOnlyList<OutboxMessage> Messages => messages.Items;

    /// <summary>Removes the e-mails. Their codes stay valid.</summary>
    public void Clear() => messages.Clear();

    internal void Add(OutboxMessage message) => messages.Add(message);
}
