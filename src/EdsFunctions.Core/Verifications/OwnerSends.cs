using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The number of codes that were sent to one owner in the last hour, counted by the minute. Written in the transaction
/// of each send.
/// </summary>
/// <param name="Owner">The owner of the CENs; null for the account of the access key.</param>
/// <param name="ByMinute">The number of sends by the minute since 1970.</param>
/// <param name="Version">The version of the counts in the store; null before the counts are stored.</param>
public sealed record OwnerSends(AccountId? Owner, IReadOnlyDictionary<long, int> ByMinute, string? Version = null)
{
    /// <summary>
    /// The number of minutes in which a send counts: 60, and the minute of the send itself. So a send at the end of its
    /// minute also counts for a whole hour.
    /// </summary>
    private const int MinutesCounted = 61;

    /// <summary>The time until another code may be sent to the owner; null if a code may be sent now.</summary>
    public TimeSpan? WaitFor(int limit, DateTimeOffset now)
    {
        var first = Minute(now) - MinutesCounted;
        var sent = 0;
        // Add up the counts from the newest minute on. The minute in which the sum reaches the limit must become older
        // than an hour.
        foreach (var (minute, count) in ByMinute.Where(one => one.Key > first).OrderByDescending(one => one.Key))
        {
            sent += count;
            if (sent >= limit)
            {
                return DateTimeOffset.FromUnixTimeSeconds((minute + MinutesCounted) * 60) - now;
            }
        }

        return null;
    }

    /// <summary>Counts a send.</summary>
    public OwnerSends Add(DateTimeOffset at) => Change(at, 1);

    /// <summary>Removes a send that certainly sent no e-mail.</summary>
    public OwnerSends Remove(DateTimeOffset at) => Change(at, -1);

    /// <summary>The stored form.</summary>
    internal string ToJson() =>
        JsonSerializer.Serialize(ByMinute, OwnerSendsJson.Default.IReadOnlyDictionaryInt64Int32);

    internal static OwnerSends FromJson(AccountId? owner, string? json, string? version) => new(
        owner,
        json is null
            ? new Dictionary<long, int>()
            : JsonSerializer.Deserialize(json, OwnerSendsJson.Default.IReadOnlyDictionaryInt64Int32)!,
        version);

    private OwnerSends Change(DateTimeOffset at, int by)
    {
        var oldest = Minute(at) - MinutesCounted;
        var counts = ByMinute.Where(one => one.Key > oldest).ToDictionary();
        var changed = counts.GetValueOrDefault(Minute(at)) + by;
        if (changed > 0)
        {
            counts[Minute(at)] = changed;
        }
        else
        {
            counts.Remove(Minute(at));
        }

        return this with { ByMinute = counts };
    }

    private static long Minute(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;
}

[JsonSerializable(typeof(IReadOnlyDictionary<long, int>))]
internal sealed partial class OwnerSendsJson : JsonSerializerContext;
