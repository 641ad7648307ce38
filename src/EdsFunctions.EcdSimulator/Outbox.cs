namespace EdsFunctions.EcdSimulator;

/// <summary>An e-mail with a verification code.</summary>
/// <param name="RegionId">Such as <c>cn-hangzhou</c>.</param>
/// <param name="CenId">Such as <c>cen-3weq30r6t0s7t4abcd</c>; null if the request had no ExtraInfo.</param>
/// <param name="CenOwnerId">The account that gets the e-mail; null for the caller's own.</param>
/// <param name="Code">Six digits.</param>
/// <param name="SentAt">By the simulator's clock.</param>
/// <param name="RequestId">Of the response that said it was sent.</param>
public sealed record OutboxMessage(
    string RegionId,
    string? CenId,
    long? CenOwnerId,
    string Code,
    DateTimeOffset SentAt,
    string RequestId);

/// <summary>The e-mails that would have been sent; the last 100,000 of them.</summary>
public sealed class Outbox
{
    private readonly RecentItems<OutboxMessage> messages = new();

    /// <summary>A snapshot, oldest first. Of several codes for one owner and CEN, only the latest is valid.</summary>
    public IReadOnlyList<OutboxMessage> Messages => messages.Items;

    /// <summary>The codes stay valid; only the e-mails are gone.</summary>
    public void Clear() => messages.Clear();

    internal void Add(OutboxMessage message) => messages.Add(message);
}
