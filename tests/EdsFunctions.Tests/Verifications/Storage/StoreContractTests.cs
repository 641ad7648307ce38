namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>
/// Tests of the contract that every store must fulfill. Each store has a class that derives from this class.
/// </summary>
public abstract class StoreContractTests(TestStores stores) : StoresTest(stores)
{
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;

    /// <summary>An empty store.</summary>
    private protected IVerificationStore Store => field ??= Stores.Open();

    public override ValueTask InitializeAsync()
    {
        Stores.Time = new FakeTimeProvider(Noon.AddHours(1));
        return base.InitializeAsync();
    }

    [Fact]
    public async Task Get_WrittenByAnotherInstance_ReturnsTheWholeRecord()
    {
        var written = await CreateAsync(
            A.Verification.By("alice", "验证码 – “new” office").Record(Noon.AddTicks(1234567)));
        var throttled = new EcdFailure.Rejected(
            new EcdError("Throttling.User", 400, "R-1", null, TimeSpan.FromSeconds(2)));
        var completed = await UpdateAsync(written
            .ApplyOutcome(1, throttled, Noon)
            .MarkReported(Noon.AddHours(1)));

        var read = await Stores.Open().GetAsync(written.Id, Cancel);

        Assert.Equal(Content(completed), Content(read));
        Assert.Equal(EcdErrorKind.Throttled, read?.LastFailure?.Error?.Kind);
    }

    [Fact]
    public async Task Get_NothingStored_ReturnsNull()
    {
        Assert.Null(await Store.GetAsync(Guid.CreateVersion7(Noon), Cancel));
        Assert.Null(await Store.FindOpenAsync(A.Verification.Target()));
        Assert.Null(await Store.FindKeyAsync("no such hash", Cancel));
    }

    [Fact]
    public async Task Write_SecondOpenVerificationOfATarget_ConflictsUntilTheFirstIsClosed()
    {
        var target = A.Verification;
        var first = await CreateAsync(target.Record());
        Assert.IsType<WriteResult.Conflict>(await Store.WriteAsync(target.Record()));
        await UpdateAsync(first.ApplyOutcome(1, new EcdFailure.NotSent("no connection"), Noon));
        Assert.Null(await Store.FindOpenAsync(first.Target));

        var second = await CreateAsync(target.Record());

        Assert.Equal(second, await Store.FindOpenAsync(first.Target));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("cen-own", null)]
    [InlineData("cen-other", 7L)]
    public async Task Write_TargetWithoutOwnerOrCen_IsOneTarget(string? cen, long? owner)
    {
        var target = new CenTarget("cn-hangzhou", cen, owner is { } id ? new AccountId(id) : null);
        var first = await CreateAsync(Verification.Begin(new SendVerification.Request(target), Noon));

        Assert.IsType<WriteResult.Conflict>(
            await Store.WriteAsync(Verification.Begin(new SendVerification.Request(target), Noon)));
        Assert.Equal(first, await Store.FindOpenAsync(target));
    }

    [Fact]
    public async Task Write_OtherRegionCenOrOwner_IsAnotherTarget()
    {
        var target = A.Verification;
        await CreateAsync(target.Record());

        await CreateAsync(target.InRegion("cn-shanghai").Record());
        await CreateAsync(target.OwnedBy(42).Record());
        await CreateAsync(target.OwnedBy(null).Record());
        await CreateAsync(target.ForCen(A.FreshCen()).Record());
    }

    [Fact]
    public async Task Write_ReferenceIsTaken_Conflicts()
    {
        var first = await CreateAsync(A.Verification.Record());
        var second = A.Verification.Record();
        second = second with { Id = WithRef(second.Id, first.Ref) };

        Assert.IsType<WriteResult.Conflict>(await Store.WriteAsync(second));
        Assert.Null(await Store.GetAsync(second.Id, Cancel));
        Assert.Null(await Store.FindOpenAsync(second.Target));
    }

    [Fact]
    public async Task FindByRef_AnyPrefix_FindsOpenAndLatelyClosedOnes()
    {
        var one = A.Verification.Record();
        var (a, b, c) = (
            await CreateAsync(one with { Id = WithRef(one.Id, "3f0a0001") }),
            await CreateAsync(A.Verification.Record() with { Id = WithRef(one.Id, "3f0affff") }),
            await CreateAsync(A.Verification.Record() with { Id = WithRef(one.Id, "3f0b0000") }));

        Task<IReadOnlyList<Verification>> FindAsync(
            string prefix, int limit = 10) => Store.FindByRefAsync(prefix, limit, Cancel).ReadableAsync();
        Assert.Equal([a], await FindAsync("3f0a0001"));
        Assert.Equal([a, b], await FindAsync("3f0a"));
        Assert.Equal([a, b, c], await FindAsync("3"));
        Assert.Equal([a, b], await FindAsync("3f0", limit: 2));
        Assert.Empty(await FindAsync("4"));
        Assert.Empty(await FindAsync("3f0a00012"));

        // A closed verification is found by its reference for two days.
        var closed = await UpdateAsync(a.ApplyOutcome(1, new EcdFailure.NotSent("no network"), Noon));
        Assert.Equal([closed.Id, b.Id], (await FindAsync("3f0a")).Select(one => one.Id).Order());
    }

    [Fact]
    public async Task FindByRef_RecordOfASendThatWasNotConfirmed_FindsIt()
    {
        var failed = await CreateAsync(
            A.Verification.Record().ApplyOutcome(1, new EcdFailure.NotSent("not confirmed"), Noon));

        var found = await Store.FindByRefAsync(failed.Ref, limit: 2, Cancel).ReadableAsync();

        Assert.Equal(failed.Id, Assert.Single(found).Id);
    }

    [Fact]
    public async Task Write_OlderVersion_Conflicts()
    {
        var verification = await CreateAsync(A.Verification.Record());
        await UpdateAsync(verification.ApplyOutcome(1, new EcdResponse("R-1"), Noon));

        var late = await Stores.Open().WriteAsync(verification.ApplyOutcome(1, new EcdFailure.Unknown("late"), Noon));

        Assert.IsType<WriteResult.Conflict>(late);
        Assert.Equal(VerificationState.Pending, (await Store.GetAsync(verification.Id, Cancel))?.State);
    }

    [Fact]
    public async Task Write_UpdateOfAMissingVerification_Conflicts()
    {
        var created = await CreateAsync(A.Verification.Record());
        var another = A.Verification.Record() with { Version = created.Version };

        Assert.IsType<WriteResult.Conflict>(await Store.WriteAsync(another));
        Assert.Null(await Store.GetAsync(another.Id, Cancel));
    }

    [Fact]
    public async Task Write_WithAKey_StoresBoth()
    {
        var verification = A.Verification.Record();
        var key = Key("one", verification);

        await Store.WriteAsync(verification, key);

        var found = Assert.IsType<IdempotencyEntry>(await Stores.Open().FindKeyAsync(key.Key.Hash, Cancel));
        Assert.Equal(key, found with { Version = null });
    }

    [Fact]
    public async Task Write_KeyIsTaken_StoresNeither()
    {
        var first = await CreateAsync(A.Verification.Record());
        var key = Key("one", first);
        await Store.WriteAsync(first.ApplyOutcome(1, new EcdResponse("R-1"), Noon), key);
        var second = A.Verification.Record();

        Assert.IsType<WriteResult.Conflict>(await Store.WriteAsync(second, key with { VerificationId = second.Id }));

        Assert.Null(await Store.GetAsync(second.Id, Cancel));
        Assert.Equal(first.Id, (await Store.FindKeyAsync(key.Key.Hash, Cancel))?.VerificationId);
    }

    [Fact]
    public async Task Write_VerificationConflicts_StoresNoKey()
    {
        var target = A.Verification;
        await CreateAsync(target.Record());
        var second = target.Record();
        var key = Key("two", second);

        Assert.IsType<WriteResult.Conflict>(await Store.WriteAsync(second, key));

        Assert.Null(await Store.FindKeyAsync(key.Key.Hash, Cancel));
    }

    [Fact]
    public async Task SaveResponse_TwiceOrOfAnotherRequest_KeepsTheFirstOfItsRequest()
    {
        var verification = A.Verification.Record();
        var key = Key("one", verification);
        await Store.WriteAsync(verification, key);

        await Store.SaveResponseAsync(key.Key with { Fingerprint = "another" }, "of another request");
        await Store.SaveResponseAsync(key.Key, "first");
        await Store.SaveResponseAsync(key.Key, "second");

        Assert.Equal("first", (await Store.FindKeyAsync(key.Key.Hash, Cancel))?.Response);
    }

    [Fact]
    public async Task CleanUp_OldKeys_RemovesThem()
    {
        var (older, newer) = (A.Verification.Record(Noon), A.Verification.Record(Noon.AddHours(1)));
        await Store.WriteAsync(older, Key("older", older));
        await Store.WriteAsync(newer, Key("newer", newer));

        await Store.CleanUpAsync(Noon.AddHours(1), closedBefore: null, Cancel);

        Assert.Null(await Store.FindKeyAsync(Key("older", older).Key.Hash, Cancel));
        Assert.NotNull(await Store.FindKeyAsync(Key("newer", newer).Key.Hash, Cancel));
        Assert.NotNull(await Store.GetAsync(older.Id, Cancel));
    }

    [Fact]
    public async Task List_InPages_GoesFromOldToNew()
    {
        var all = new List<Verification>();
        foreach (var minute in new[] { 3, 0, 4, 1, 2 })
        {
            all.Add(await CreateAsync(A.Verification.Record(Noon.AddMinutes(minute))));
        }

        var first = await Store.ListAsync(new VerificationQuery(null, null, null, null, 3), Cancel).ReadableAsync();
        var second = await Store
            .ListAsync(new VerificationQuery(null, null, null, first[^1].Id, 3), Cancel)
            .ReadableAsync();

        Assert.Equal(all.OrderBy(verification => verification.CreatedAt), first.Concat(second));
        Assert.Equal(2, second.Count);
    }

    [Fact]
    public async Task List_ByStateRegionAndAge_ReturnsTheMatches()
    {
        var old = await CreateAsync(A.Verification.Record(Noon));
        var pending = await UpdateAsync(
            (await CreateAsync(A.Verification.Record(Noon.AddMinutes(1)))).ApplyOutcome(1, new EcdResponse("R"), Noon));
        var failed = await UpdateAsync(
            (await CreateAsync(A.Verification.InRegion("us-east-1").Record(Noon.AddMinutes(2))))
                .ApplyOutcome(1, new EcdFailure.NotSent("no connection"), Noon));

        Assert.Equal([old], await ListAsync([VerificationState.Sending]));
        Assert.Equal([old, pending], await ListAsync([VerificationState.Sending, VerificationState.Pending]));
        Assert.Equal(Content(failed), Content(Assert.Single(await ListAsync(null, region: "us-east-1"))));
        Assert.Equal([], await ListAsync([VerificationState.Pending], region: "us-east-1"));
        Assert.Equal([old, pending], await ListAsync(null, before: Noon.AddMinutes(2)));
        Assert.Equal([old], await ListAsync(null, before: Noon.AddMilliseconds(1)));
        Assert.Equal([], await ListAsync(null, before: Noon));
    }

    [Fact]
    public async Task ListCurrent_InPages_ReturnsOpenAndFailedOnesFromOldToNew()
    {
        var all = new List<Verification>();
        for (var i = 0; i < 5; i++)
        {
            var created = await CreateAsync(A.Verification.Record(Noon));
            all.Add(i % 2 == 0
                ? created
                : await UpdateAsync(created.ApplyOutcome(1, new EcdFailure.NotSent("no connection"), Noon)));
            var cancelled = await CreateAsync(A.Verification.Record(Noon));
            await UpdateAsync(cancelled with { State = VerificationState.Cancelled, ClosedAt = Noon });
        }

        var found = new List<Verification>();
        IReadOnlyList<Verification> page;
        do
        {
            page = await Store.ListCurrentAsync(found.LastOrDefault()?.Id, limit: 2, Cancel).ReadableAsync();
            found.AddRange(page);
        }
        while (page.Count == 2);

        Assert.Equal(
            all.OrderBy(one => one.Id.ToString(), StringComparer.Ordinal).Select(Content), found.Select(Content));
    }

    [Fact]
    public async Task Get_RemindersOfChannels_AreStoredUntilTheWaitRestarts()
    {
        var written = await CreateAsync(A.Verification.Record(Noon));
        var reported = await UpdateAsync(written
            .MarkReported(Noon.AddHours(1))
            .MarkReported(Noon.AddHours(1), "ops")
            .MarkReported(Noon.AddHours(5), "ops")
            .MarkFinalNotice(Noon.AddHours(6), "on-call"));

        var read = await Stores.Open().GetAsync(written.Id, Cancel);

        Assert.Equal(new ReminderState(1, Noon.AddHours(1)), read?.Reported);
        Assert.Equal(new ReminderState(2, Noon.AddHours(5)), read?.GetReminder("ops"));
        Assert.Equal(new ReminderState(1, Noon.AddHours(6), Final: true), read?.GetReminder("on-call"));
        Assert.Null(read?.GetReminder("another"));
        Assert.Null(reported.ApplyOutcome(1, new EcdResponse("R-1"), Noon).ReportedTo);
        Assert.Null(reported.ApplyOutcome(1, new EcdFailure.Unknown("no response"), Noon).ReportedTo);
    }

    [Fact]
    public async Task SetMarker_SetReplacedAndRemoved_IsSeenByOtherInstances()
    {
        Assert.Null(await Store.GetMarkerAsync("report-ops", Cancel));

        await Store.SetMarkerAsync("report-ops", "first", Cancel);
        await Store.SetMarkerAsync("report-ops", "验证码 “second”", Cancel);
        await Store.SetMarkerAsync("report-on-call", "another", Cancel);
        Assert.Equal("验证码 “second”", await Stores.Open().GetMarkerAsync("report-ops", Cancel));

        await Stores.Open().SetMarkerAsync("report-ops", null, Cancel);
        await Store.SetMarkerAsync("report-ops", null, Cancel);
        Assert.Null(await Store.GetMarkerAsync("report-ops", Cancel));
        Assert.Equal("another", await Store.GetMarkerAsync("report-on-call", Cancel));
    }

    [Fact]
    public async Task Check_StoreIsAvailable_DoesNotThrow() => await Store.CheckAsync(Cancel);

    /// <summary>
    /// A verification without its version, because a store may move a closed verification, which changes the version.
    /// </summary>
    private static Verification? Content(
        Verification? verification) => verification is null ? null : verification with { Version = null };

    private static IdempotencyEntry Key(string name, Verification verification) =>
        IdempotencyEntry.Create(IdempotencyKey.Create(name, verification.Request()), verification);

    private Task<IReadOnlyList<Verification>> ListAsync(
        VerificationState[]? states, string? region = null, DateTimeOffset? before = null) =>
        Store.ListAsync(new VerificationQuery(states, region, before, After: null, Limit: 10), Cancel).ReadableAsync();

    private static Guid WithRef(Guid id, string reference) =>
        Guid.Parse(id.ToString("N")[..^reference.Length] + reference);

    private async Task<Verification> CreateAsync(Verification verification) =>
        Assert.IsType<WriteResult.Written>(await Store.WriteAsync(verification)).Verification;

    private Task<Verification> UpdateAsync(Verification verification) => CreateAsync(verification);
}
