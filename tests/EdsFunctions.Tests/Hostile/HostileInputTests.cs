namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// Requests that are made to break something, over real sockets: none gets more than a refusal, none changes anything, and
/// none costs more than it is worth. The seed is printed; <c>EDS_HOSTILE_SEED</c> repeats a run, <c>EDS_HOSTILE_COUNT</c>
/// makes it longer.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class HostileInputTests(ITestOutputHelper output)
{
    private const int DefaultCount = 100_000;

    /// <summary>Of client and app together, which is what can be measured in one process.</summary>
    private const long MaxAllocatedPerRequest = 40 * 1024;

    /// <summary>What may be held at the end that was not at the beginning: buffers and pools that are not full yet.</summary>
    private const long MaxGrowth = 16 * 1024 * 1024;

    [Fact]
    public async Task A_hundred_thousand_requests_get_nothing_but_refusals_change_nothing_and_cost_little()
    {
        var seed = Setting("EDS_HOSTILE_SEED") ?? Random.Shared.Next();
        var count = Setting("EDS_HOSTILE_COUNT") ?? DefaultCount;
        output.WriteLine($"EDS_HOSTILE_SEED={seed} EDS_HOSTILE_COUNT={count}");
        await using var app = await EdsApp.StartAsync();
        var known = await app.Api.SendAsync(A.Verification.By("alice"));
        var before = (await app.Api.GetAsync(known.Id)).Text;
        var run = new HostileRun(app.Api.BaseUrl, new HostileRequests(seed, known.Id), seed);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60 + (count / 500)), TimeProvider.System);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken);

        // The first tenth fills the pools and makes the code.
        await run.GoToAsync(count / 10, over.Token);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetTotalAllocatedBytes();
        await run.GoToAsync(count, over.Token);
        allocated = (GC.GetTotalAllocatedBytes() - allocated) / (count - (count / 10));
        held = GC.GetTotalMemory(forceFullCollection: true) - held;

        output.WriteLine(run.Statistics());
        output.WriteLine($"allocated: {allocated:N0} bytes per request; held at the end: {held:N0} bytes more");
        Assert.True(run.Complaints.Count == 0, $"{string.Join('\n', run.Complaints)}");
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.Single(await app.RecordsAsync());
        Assert.Single(app.Alibaba.Requests.Items);
        Assert.Equal(before, (await app.Api.GetAsync(known.Id)).Text);
        Assert.Equal(HostileRequests.Kinds.Order(), run.Answers.Keys.Select(answer => answer.Kind).Distinct().Order());
        Assert.InRange(allocated, 0, MaxAllocatedPerRequest);
        Assert.InRange(held, long.MinValue, MaxGrowth);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
    }

    /// <summary>Bodies within the limit that say as much wrong as fits: the refusal must not be many times as long.</summary>
    [Theory]
    [InlineData("verifications", "\"{0}\":1")]
    [InlineData("verifications", "\"x{0}\":{}")]
    [InlineData("verifications/0196c7a0-0000-7000-8000-000000000000/cancel", "\"{0}\":1")]
    [InlineData("verifications", "\"note\":{0}")]
    public async Task A_refusal_is_not_many_times_as_long_as_what_is_refused(string path, string field)
    {
        await using var app = await EdsApp.StartAsync();
        var body = new StringBuilder("{\"regionId\":\"cn-hangzhou\"");
        for (var i = 0; body.Length < 65_500; i++)
        {
            var name = i.ToString("x", CultureInfo.InvariantCulture);
            body.Append(',').Append(field.Replace("{0}", name, StringComparison.Ordinal));
        }

        body.Length = body.ToString().LastIndexOf(',');
        await app.Api.PostAsync(path, "{}", idempotencyKey: "the first of its kind");
        var allocated = GC.GetTotalAllocatedBytes(precise: true);

        var refused = await app.Api.PostAsync(path, body.Append('}').ToString());

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        output.WriteLine($"{refused.Text.Length} characters answered, {allocated} bytes allocated");
        refused.ShouldBe(400);
        Assert.InRange(refused.Text.Length, 1, 16 * 1024);
        Assert.InRange(allocated, 0, 8 * 1024 * 1024);
    }

    /// <summary>The parsers of the platform take zero characters behind what they parse.</summary>
    [Theory]
    [InlineData("limit=10%00")]
    [InlineData("limit=10%00%00")]
    [InlineData("olderThan=00:30:00%00")]
    [InlineData("olderThan=PT30M%00")]
    public async Task A_zero_character_behind_a_value_is_refused(string query)
    {
        await using var app = await EdsApp.StartAsync();

        (await app.Api.GetAsync($"verifications?{query}")).ShouldBeProblem(400, "invalid-request", query.Split('=')[0]);
    }

    [Fact]
    public void Two_runs_with_one_seed_are_the_same()
    {
        var (one, other) = (new HostileRequests(7, Guid.Empty), new HostileRequests(7, Guid.Empty));

        Assert.All(Enumerable.Range(0, 2000), number => Assert.Equal(one.Make(number).Bytes, other.Make(number).Bytes));
        Assert.NotEqual(one.Make(0).Bytes, new HostileRequests(8, Guid.Empty).Make(0).Bytes);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
