namespace EdsFunctions.Core.Telemetry;

/// <summary>How many wait, by how long they have waited.</summary>
internal sealed class AgeCounts
{
    private static readonly (string Name, TimeSpan Below)[] Ages =
    [
        ("under-4h", TimeSpan.FromHours(4)),
        ("under-1d", TimeSpan.FromDays(1)),
        ("under-3d", TimeSpan.FromDays(3)),
        ("3d-or-more", TimeSpan.MaxValue),
    ];

    private readonly long[] counts = new long[Ages.Length];

    /// <summary>The counts, each with the name of its age, none left out.</summary>
    public IEnumerable<(string Age, long Count)> All => Ages.Select((age, i) => (age.Name, counts[i]));

    /// <summary>One more.</summary>
    public void Add(TimeSpan waiting) => counts[Array.FindIndex(Ages, age => waiting < age.Below)]++;
}
