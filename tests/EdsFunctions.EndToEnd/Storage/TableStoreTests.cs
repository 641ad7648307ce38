using Azure;
using Azure.Data.Tables;
using Azure.Identity;

namespace EdsFunctions.Tests.Verifications.Storage;

public sealed class TableStoreTests(Azurite azurite) : StoreContractTests(new TableStores(azurite))
{
    private TableClient Table => ((TableStores)Stores).Table;

    [Fact]
    public async Task Close_OpenVerification_ReleasesTheTargetAndMovesTheRow()
    {
        var closed = await CloseAsync(A.Verification.Record());

        Assert.Equal([("closed-202611", closed.Id.ToString())], await RowsAsync());
        Assert.Equal(
            closed with { Version = null }, (await Store.GetAsync(closed.Id, Cancel))! with { Version = null });
    }

    /// <summary>
    /// A table can disappear while the app runs: Azurite loses its tables when it restarts with its data in memory.
    /// </summary>
    [Fact]
    public async Task Use_TableWasDeleted_FailsOnceAndCreatesIt()
    {
        await Store.WriteAsync(A.Verification.Record());
        await Table.DeleteAsync(Cancel);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ListAsync(VerificationState.Pending));

        Assert.Empty(await ListAsync(VerificationState.Pending));
        await Table.DeleteAsync(Cancel);
        await Store.CheckAsync(Cancel);
        Assert.Empty(await ListAsync(VerificationState.Pending));
    }

    public static TheoryData<Exception> Failures =>
    [
        new RequestFailedException(503, "The service is busy."),
        new CredentialUnavailableException("There is no token."),
        new IOException("The connection ended."),
        new TaskCanceledException("There is no response."),
    ];

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task AnyCall_ServiceFails_ThrowsStoreUnavailable(Exception failure)
    {
        // Let only the request that creates the table succeed.
        var store = Stores.Open((path, request) =>
            path.EndsWith("/Tables", StringComparison.Ordinal) ? request() : throw failure);
        var record = A.Verification.Record();
        Func<Task>[] calls =
        [
            () => store.CheckAsync(Cancel),
            () => store.WriteAsync(new StoreWrite(record)),
            () => store.GetAsync(record.Id, Cancel),
            () => store.GetTargetAsync(record.Target, Cancel),
            () => store.FindByRefAsync(record.Ref, 1, Cancel),
            () => store.ListCurrentAsync(after: null, 1, Cancel),
            () => store.SaveResponseAsync(IdempotencyKey.Create("key", record.Request()), "response"),
            () => store.SetMarkerAsync("marker", "value", Cancel),
            () => store.SetMarkerAsync("marker", value: null, Cancel),
            () => store.CleanUpAsync(VerificationBuilder.Noon, closedBefore: null, Cancel),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(call);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.GetAsync(record.Id, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Close_RecordWithoutAReference_MovesTheRow()
    {
        var recorded = (await Store.WriteAsync(A.Verification.Record()) as WriteResult.Written)!.Verification;
        await Table.DeleteEntityAsync(TableRows.Open, TableRows.RefPrefix + recorded.Ref, ETag.All, Cancel);

        var closed = await Store.WriteAsync(Cancelled(recorded));

        Assert.IsType<WriteResult.Written>(closed);
        Assert.Equal([("closed-202611", recorded.Id.ToString())], await RowsAsync());
    }

    [Fact]
    public async Task CleanUp_ClosedButNotMoved_MovesTheRow()
    {
        var closed = await CloseAsync(A.Verification.Record());
        await MoveBackAsync(closed);

        Assert.Null(await Store.FindOpenAsync(closed.Target));
        Assert.Equal(VerificationState.Cancelled, (await Store.GetAsync(closed.Id, Cancel))?.State);
        Assert.Equal(closed.Id, Assert.Single(await ListAsync(VerificationState.Cancelled)).Id);
        Assert.Empty(await ListAsync(VerificationState.Sending, VerificationState.Pending, VerificationState.Unknown));
        Assert.Empty(await Store.ListCurrentAsync(after: null, 10, Cancel));
        await Store.CleanUpAsync(VerificationBuilder.Noon, closedBefore: null, Cancel);

        Assert.Equal([("closed-202611", closed.Id.ToString())], await RowsAsync());
    }

    [Fact]
    public async Task List_DuringAMove_ReturnsTheVerificationOnce()
    {
        var closed = await CloseAsync(A.Verification.Record());
        await Table.AddEntityAsync(TableRows.FromVerification(closed), Cancel);

        Assert.Equal(closed.Id, Assert.Single(await ListAsync(VerificationState.Cancelled)).Id);
        await Store.CleanUpAsync(VerificationBuilder.Noon, closedBefore: null, Cancel);

        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task List_OverMonthsAndPartitions_IsComplete()
    {
        var all = new List<Guid>();
        for (var month = 0; month < 4; month++)
        {
            var at = VerificationBuilder.Noon.AddMonths(month);
            all.Add((await CloseAsync(A.Verification.Record(at))).Id);
            all.Add(Assert.IsType<WriteResult.Written>(
                await Store.WriteAsync(A.Verification.Record(at.AddDays(1)))).Verification.Id);
        }

        var listed = new List<Guid>();
        for (Guid? after = null; ;)
        {
            var page = await Store.ListAsync(new VerificationQuery(null, null, null, after, 3), Cancel);
            listed.AddRange(page.Select(verification => verification.Id));
            if (page.Count < 3)
            {
                break;
            }

            after = page[^1].Id;
        }

        Assert.Equal(all, listed);
    }

    /// <summary>A list may need several requests, because a response of the table has at most 1,000 rows.</summary>
    [Fact]
    public async Task List_MoreThanAResponseOfTheTable_IsComplete()
    {
        await Store.CheckAsync(Cancel);
        var all = Enumerable.Range(0, 1100).Select(_ => A.Verification.Record()).ToList();
        foreach (var rows in all.Chunk(100))
        {
            await Table.SubmitTransactionAsync(
                rows.Select(one => new TableTransactionAction(
                    TableTransactionActionType.Add, TableRows.FromVerification(one))),
                Cancel);
        }

        var current = await Store.ListCurrentAsync(after: null, limit: 2000, Cancel).ReadableAsync();

        Assert.Equal(all.Select(one => one.Id).Order(), current.Select(one => one.Id).Order());
    }

    [Fact]
    public async Task List_OpenStates_ReadsNoClosedPartition()
    {
        await CloseAsync(A.Verification.Record());
        var requests = 0;
        var reader = Stores.Open((_, request) =>
        {
            requests++;
            return request();
        });
        await reader.CheckAsync(Cancel);
        requests = 0;

        await reader.ListAsync(new VerificationQuery(VerificationStates.Open, null, null, null, 10), Cancel);

        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task CleanUp_MoreKeysThanATransactionTakes_RemovesThem()
    {
        await Store.CheckAsync(Cancel);
        for (var i = 0; i < 250; i += 50)
        {
            await Table.SubmitTransactionAsync(
                Enumerable.Range(i, 50).Select(number => new TableTransactionAction(
                    TableTransactionActionType.Add,
                    TableRows.FromKey(new IdempotencyEntry(
                        new IdempotencyKey($"hash{number}", "print"), Guid.NewGuid(), 1, VerificationBuilder.Noon)))),
                Cancel);
        }

        await Store.CleanUpAsync(VerificationBuilder.Noon.AddHours(48), closedBefore: null, Cancel);

        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Get_IdOfAnotherApp_ReturnsNull() =>
        Assert.Null(await Store.GetAsync(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff"), Cancel));

    private async Task<Verification> CloseAsync(Verification verification)
    {
        var created = Assert.IsType<WriteResult.Written>(await Store.WriteAsync(verification)).Verification;
        return Assert.IsType<WriteResult.Written>(await Store.WriteAsync(Cancelled(created))).Verification;
    }

    private static Verification Cancelled(Verification sending) =>
        sending.ApplyOutcome(1, new EcdResponse("R-1"), sending.CreatedAt)
        .Close(
            VerificationState.Cancelled,
            by: null,
            note: null,
            sending.CreatedAt,
            new SendRules(default, default, default, default, 1)).Next!;

    /// <summary>
    /// Moves a closed verification back to the open partition: the state after a process crashed between the close and
    /// the move.
    /// </summary>
    private async Task MoveBackAsync(Verification closed)
    {
        await Table.AddEntityAsync(TableRows.FromVerification(closed), Cancel);
        await Table.DeleteEntityAsync(TableRows.ClosedPartition(closed.Id), closed.Id.ToString(), ETag.All, Cancel);
    }

    private Task<IReadOnlyList<Verification>> ListAsync(params VerificationState[] states) =>
        Store.ListAsync(new VerificationQuery(states, null, null, null, 10), Cancel).ReadableAsync();

    /// <summary>Reads the keys of all rows.</summary>
    private async Task<(string, string)[]> RowsAsync() => await Table.QueryAsync<TableEntity>(cancellationToken: Cancel)
        .Where(row => row.PartitionKey != TableRows.Open || row.RowKey[0] is 'v' or 'i')
        .Select(row => (row.PartitionKey, row.RowKey)).ToArrayAsync(Cancel);
}
