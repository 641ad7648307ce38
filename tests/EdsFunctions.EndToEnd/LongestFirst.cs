using EdsFunctions.Tests.EndToEnd;
using EdsFunctions.Tests.Verifications.Storage;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>Starts the slowest test classes first, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        nameof(WorkerLoadTests), nameof(WorkerFaultTests), nameof(LocalRunTests), nameof(FaultyTableTests),
        nameof(TableCrashTests), nameof(WorkerStopTests), nameof(TableModelTests), nameof(TableLateReplyTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Rank(collection.TestCollectionDisplayName))];

    private static int Rank(string collection)
    {
        var index = Array.FindIndex(Longest, name => collection.Contains($".{name} ", StringComparison.Ordinal));
        return index < 0 ? Longest.Length : index;
    }
}
