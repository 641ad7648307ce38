using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>The number of codes sent to one owner in the last hour, by the minute. Written with each send.</summary>
/// <param name="Owner">The owner of the CENs; null for the account of the access key.</param>
/// <param name="ByMinute">The number of sends by the minute since 1970.</param>
/// <param name="Version">The store's version of the counts; null before they are stored.</param>
public sealed record OwnerSends(AccountId? Owner, IReadOnlyDictionary<long, int> ByMinute, string? Version = null)
{
    /// <summary>
    /// The minutes of an hour and the minute of the send, so that a send at the end of its minute counts for a whole
    /// hour.
    /// </summary>
    private const int MinutesCounted = 61;

    /// <summary>The time until another code may be sent; null if it may be sent now.</summary>
    public TimeSpan? WaitFor(int limit, DateTimeOffset now)
    {
        var first = Minute(now) - MinutesCounted;
        var sent = 0;
        // Count from the newest minute: the minute that reaches the limit must become older than an hour.
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
