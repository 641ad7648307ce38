using Azure.Data.Tables;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>The queries of the table, in OData. Rows come by partition and row key, and so by the time of creation.</summary>
internal static class TableFilters
{
    /// <summary>The closed states that leave the open partition with the closing.</summary>
    private static readonly VerificationState[] MovedAtOnce = [.. VerificationStates.Closed.Except([VerificationState.Failed])];

    /// <summary>
    /// Closed verifications that are still in the open partition: those that failed stay there until they are old, the others were
    /// left there by a crash.
    /// </summary>
    public static string ClosedAmongOpen(DateTimeOffset failedBefore) => And(
        Verifications(after: null, createdBefore: null),
        $"({InStates(MovedAtOnce)} or ({InStates([VerificationState.Failed])} and {ClosedBefore(failedBefore)}))");

    /// <summary>
    /// Open verifications, those in a state that this version does not know, and failed ones, which stay in the open partition for two
    /// days.
    /// </summary>
    public static string Current(Guid? after) => And(Verifications(after, createdBefore: null), $"not {InStates(MovedAtOnce)}");

    /// <summary>Verifications in closed partitions that were closed before a time.</summary>
    public static string ClosedPartitions(DateTimeOffset closedBefore)
    {
        var last = TableRows.ClosedPartition(closedBefore);
        return And(
            TableClient.CreateQueryFilter($"PartitionKey ge {TableRows.ClosedPrefix} and PartitionKey le {last}"),
            ClosedBefore(closedBefore));
    }

    /// <summary>The part of a list that is in the open partition.</summary>
    public static string Open(VerificationQuery query) =>
        And(
            Verifications(query.After, query.CreatedBefore),
            query.IsOpenOnly ? $"not {InStates([.. query.OtherStates])}" : InStates(query.States),
            InRegion(query.RegionId));

    /// <summary>The part of a list that is in the closed partitions: those from the month of the cursor on.</summary>
    public static string Closed(VerificationQuery query)
    {
        var from = (query.After is { } after ? TableRows.ClosedPartition(after) : null) ?? TableRows.ClosedPrefix;
        return And(
            TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {GetEnd(TableRows.ClosedPrefix)}"),
            query.After is { } id ? TableClient.CreateQueryFilter($"RowKey gt {id.ToString()}") : null,
            query.CreatedBefore is { } before ? TableClient.CreateQueryFilter($"RowKey lt {VerificationIds.FirstAt(before)}") : null,
            InStates(query.States),
            InRegion(query.RegionId));
    }

    /// <summary>Rows of the open partition that are not verifications, and are not needed after a time.</summary>
    public static string RemovableBefore(DateTimeOffset time) => TableClient.CreateQueryFilter(
        $"PartitionKey eq {TableRows.Open} and RowKey lt {TableRows.VerificationPrefix} and CreatedAt lt {time.ToUnixTimeMilliseconds()}");

    /// <summary>The rows of the references that begin with some digits.</summary>
    public static string Refs(string prefix)
    {
        var (from, to) = (TableRows.RefPrefix + prefix, TableRows.RefPrefix + prefix + VerificationIds.BehindDigits);
        return TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Open} and RowKey ge {from} and RowKey lt {to}");
    }

    private static string ClosedBefore(DateTimeOffset time) => TableClient.CreateQueryFilter($"ClosedAt lt {time.ToUnixTimeMilliseconds()}");

    private static string Verifications(Guid? after, DateTimeOffset? createdBefore)
    {
        var from = after is { } id ? TableRows.VerificationRow(id) : TableRows.VerificationPrefix;
        var to = createdBefore is { } time ? TableRows.VerificationPrefix + VerificationIds.FirstAt(time) : GetEnd(TableRows.VerificationPrefix);
        return TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Open} and RowKey gt {from} and RowKey lt {to}");
    }

    /// <summary>What sorts behind every row of a prefix: a dot comes after the hyphen at its end.</summary>
    private static string GetEnd(string prefix) => $"{prefix[..^1]}.";

    private static string? InStates(IReadOnlyList<VerificationState>? states) => states is null
        ? null
        : $"({string.Join(" or ", states.Select(state => TableClient.CreateQueryFilter($"State eq {state.Name()}")))})";

    private static string? InRegion(string? region) =>
        region is null ? null : TableClient.CreateQueryFilter($"RegionId eq {region}");

    private static string And(params string?[] conditions) => string.Join(" and ", conditions.OfType<string>());
}
