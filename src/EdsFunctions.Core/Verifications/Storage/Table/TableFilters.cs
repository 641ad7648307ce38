using Azure.Data.Tables;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// The OData filters of the queries on the table. A query returns rows in the order of partition and row key, which is
/// the order of creation.
/// </summary>
internal static class TableFilters
{
    /// <summary>
    /// When a verification gets one of these states, the store moves it out of the open partition at once.
    /// </summary>
    private static readonly VerificationState[] MovedImmediately =
        [.. VerificationStates.Closed.Except([VerificationState.Failed])];

    /// <summary>
    /// Selects closed verifications in the open partition that have to be moved out: old failed ones, and others if a
    /// crash interrupted their move.
    /// </summary>
    public static string ClosedInOpenPartition(DateTimeOffset failedBefore) => And(
        Verifications(after: null, createdBefore: null),
        $"({InStates(MovedImmediately)} or ({InStates([VerificationState.Failed])} and {ClosedBefore(failedBefore)}))");

    /// <summary>
    /// Selects the current verifications: open ones, failed ones that are still in the open partition, and those in a
    /// state that only a newer version of the app knows.
    /// </summary>
    public static string Current(Guid? after) =>
        And(Verifications(after, createdBefore: null), $"not {InStates(MovedImmediately)}");

    /// <summary>Selects verifications in the closed partitions that were closed before a time.</summary>
    public static string ClosedPartitions(DateTimeOffset closedBefore)
    {
        var last = TableRows.ClosedPartition(closedBefore);
        return And(
            TableClient.CreateQueryFilter($"PartitionKey ge {TableRows.ClosedPrefix} and PartitionKey le {last}"),
            ClosedBefore(closedBefore));
    }

    /// <summary>Selects the rows of the open partition that a list query asks for.</summary>
    public static string Open(VerificationQuery query) =>
        And(
            Verifications(query.After, query.CreatedBefore),
            query.IsOpenOnly ? $"not {InStates([.. query.OtherStates])}" : InStates(query.States),
            InRegion(query.RegionId));

    /// <summary>
    /// Selects the rows of the closed partitions that a list query asks for. Begins with the month of the last id of
    /// the previous page.
    /// </summary>
    public static string Closed(VerificationQuery query)
    {
        var from = (query.After is { } after ? TableRows.ClosedPartition(after) : null) ?? TableRows.ClosedPrefix;
        return And(
            TableClient.CreateQueryFilter(
                $"PartitionKey ge {from} and PartitionKey lt {GetEnd(TableRows.ClosedPrefix)}"),
            query.After is { } id ? TableClient.CreateQueryFilter($"RowKey gt {id.ToString()}") : null,
            query.CreatedBefore is { } before
                ? TableClient.CreateQueryFilter($"RowKey lt {VerificationIds.GetLowerBound(before)}")
                : null,
            InStates(query.States),
            InRegion(query.RegionId));
    }

    /// <summary>Selects old rows of the open partition that are not verifications.</summary>
    public static string RemovableBefore(DateTimeOffset time) => And(
        TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Open} and RowKey lt {TableRows.VerificationPrefix}"),
        TableClient.CreateQueryFilter($"CreatedAt lt {time.ToUnixTimeMilliseconds()}"));

    /// <summary>Selects the rows of references that begin with a prefix.</summary>
    public static string Refs(string prefix)
    {
        var from = TableRows.RefPrefix + prefix;
        var to = from + VerificationIds.AfterDigits;
        return TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableRows.Open} and RowKey ge {from} and RowKey lt {to}");
    }

    private static string ClosedBefore(DateTimeOffset time) =>
        TableClient.CreateQueryFilter($"ClosedAt lt {time.ToUnixTimeMilliseconds()}");

    private static string Verifications(Guid? after, DateTimeOffset? createdBefore)
    {
        var from = after is { } id ? TableRows.VerificationRow(id) : TableRows.VerificationPrefix;
        var to = createdBefore is { } time
            ? TableRows.VerificationPrefix + VerificationIds.GetLowerBound(time)
            : GetEnd(TableRows.VerificationPrefix);
        return TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableRows.Open} and RowKey gt {from} and RowKey lt {to}");
    }

    /// <summary>
    /// Returns a key that sorts after every key with the prefix. The prefix ends with a hyphen, and a dot sorts after a
    /// hyphen.
    /// </summary>
    private static string GetEnd(string prefix) => $"{prefix[..^1]}.";

    private static string? InStates(IReadOnlyList<VerificationState>? states) => states is null
        ? null
        : $"({string.Join(" or ", states.Select(state => TableClient.CreateQueryFilter($"State eq {state.Name()}")))})";

    private static string? InRegion(string? region) =>
        region is null ? null : TableClient.CreateQueryFilter($"RegionId eq {region}");

    private static string And(params string?[] conditions) => string.Join(" and ", conditions.OfType<string>());
}
