namespace EdsFunctions.EcdSimulator;

/// <summary>The e-mails that would have gone out; the last 100,000 of them.</summary>
public sealed class Outbox
{
    private readonly Recent<OutboxMessage> messages = new(100_000);

    /// <summary>A snapshot, oldest first. Of several codes for one owner and CEN, the latest is the one that counts.</summary>
    public IReadOnlyList<OutboxMessage> Messages => messages.Snapshot();

    /// <summary>The codes stay good; only the e-mails are gone.</summary>
    public void Clear() => messages.Clear();

    internal void Add(OutboxMessage message) => messages.Add(message);
}
