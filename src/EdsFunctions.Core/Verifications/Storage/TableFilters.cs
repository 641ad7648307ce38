using Azure.Data.Tables;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>The queries of the table, in OData. Rows come by partition and row key, and so by the time of creation.</summary>
internal static class TableFilters
{
    /// <summary>Closed verifications that were not moved yet.</summary>
    public static string ClosedAmongOpen { get; } = And(Verifications(after: null, createdBefore: null), InStates(VerificationStates.Closed));

    /// <summary>The part of a list that is in the open partition.</summary>
    public static string Open(VerificationQuery query) =>
        And(Verifications(query.After, query.CreatedBefore), InStates(query.States), InRegion(query.RegionId));

    /// <summary>The part of a list that is in the closed partitions: those from the month of the cursor on.</summary>
    public static string Closed(VerificationQuery query)
    {
        var from = (query.After is { } after ? TableRows.ClosedPartition(after) : null) ?? TableRows.ClosedPrefix;
        return And(
            TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {EndOf(TableRows.ClosedPrefix)}"),
            query.After is { } id ? TableClient.CreateQueryFilter($"RowKey gt {id.ToString()}") : null,
            query.CreatedBefore is { } before ? TableClient.CreateQueryFilter($"RowKey lt {VerificationIds.FirstAt(before)}") : null,
            InStates(query.States),
            InRegion(query.RegionId));
    }

    /// <summary>Open ones that wait since a time or longer. What was created later cannot, so the range ends there.</summary>
    public static string Waiting(DateTimeOffset since, Guid? after) => And(
        Verifications(after, since.AddMilliseconds(1)),
        InStates(VerificationStates.Open),
        TableClient.CreateQueryFilter($"WaitingSince le {since.ToUnixTimeMilliseconds()}"));

    /// <summary>Those whose send began at a time or earlier and has no answer.</summary>
    public static string Sending(DateTimeOffset startedBefore) => And(
        Verifications(after: null, startedBefore.AddMilliseconds(1)),
        InStates([VerificationState.Sending]),
        TableClient.CreateQueryFilter($"SendStartedAt le {startedBefore.ToUnixTimeMilliseconds()}"));

    /// <summary>Idempotency keys that were recorded before a time.</summary>
    public static string KeysCreatedBefore(DateTimeOffset time) => And(
        TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableRows.Open} and RowKey ge {TableRows.KeyPrefix} and RowKey lt {EndOf(TableRows.KeyPrefix)}"),
        TableClient.CreateQueryFilter($"CreatedAt lt {time.ToUnixTimeMilliseconds()}"));

    /// <summary>The rows of the references that begin with some digits.</summary>
    public static string Refs(string prefix)
    {
        var (from, to) = (TableRows.RefPrefix + prefix, TableRows.RefPrefix + prefix + VerificationIds.BehindDigits);
        return TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Open} and RowKey ge {from} and RowKey lt {to}");
    }

    private static string Verifications(Guid? after, DateTimeOffset? createdBefore)
    {
        var from = after is { } id ? TableRows.VerificationRow(id) : TableRows.VerificationPrefix;
        var to = createdBefore is { } time ? TableRows.VerificationPrefix + VerificationIds.FirstAt(time) : EndOf(TableRows.VerificationPrefix);
        return TableClient.CreateQueryFilter($"PartitionKey eq {TableRows.Open} and RowKey gt {from} and RowKey lt {to}");
    }

    /// <summary>What sorts behind every row of a prefix: a dot comes after the hyphen at its end.</summary>
    private static string EndOf(string prefix) => $"{prefix[..^1]}.";

    private static string? InStates(IReadOnlyList<VerificationState>? states) => states is null
        ? null
        : $"({string.Join(" or ", states.Select(state => TableClient.CreateQueryFilter($"State eq {state.Name()}")))})";

    private static string? InRegion(string? region) =>
        region is null ? null : TableClient.CreateQueryFilter($"RegionId eq {region}");

    private static string And(params string?[] conditions) => string.Join(" and ", conditions.OfType<string>());
}
