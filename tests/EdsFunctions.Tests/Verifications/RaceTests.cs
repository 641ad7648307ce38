using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

/// <summary>Runs the tests on a SQLite file that two instances share, like two processes on one machine.</summary>
public sealed class SqliteRaceTests() : RaceTests(new SqliteStores());

/// <summary>
/// Sends many concurrent requests to two instances of the app that share a store. The order of the requests is random,
/// but the outcome must always be the same.
/// </summary>
public abstract class RaceTests(TestStores stores) : StoresTest(stores)
{
    private const int Requests = 64;

    /// <summary>
    /// The clock does not advance, so that on a slow machine no attempt times out, and no cooldown ends.
    /// </summary>
    private readonly FakeTimeProvider time = new(VerificationBuilder.Noon);
    private readonly List<EdsInstance> instances = [];
    private SimulatorServer alibaba = null!;

    public override async ValueTask InitializeAsync()
    {
        Stores.Time = time;
        await base.InitializeAsync();
        alibaba = await LoopbackSimulator.StartAsync(time);
        instances.Add(EdsInstance.Start(Stores.Open(), alibaba.Url, time));
        instances.Add(EdsInstance.Start(Stores.Open(), alibaba.Url, time));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        instances.ForEach(instance => instance.Dispose());
        await (alibaba?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendOrResend_ManyAtOnceForOneTarget_SendsOneEMail(bool resend)
    {
        var verification = A.Verification;
        Guid? id = null;
        if (resend)
        {
            id = (await SendAsync(instances[0], verification, key: null)).Id;
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var responses = await AtOnceAsync(verification, key: null, id);

        Assert.Equal(resend ? 2 : 1, alibaba.Outbox.Messages.Count);
        Assert.Equal(resend ? 2 : 1, alibaba.Requests.Items.Count);
        var sent = Assert.Single(responses, response => response["sent"] == "True");
        Assert.All(responses.Except([sent]), response =>
        {
            Assert.True(
                response.Status is 409 || (resend ? response.Status is 429 : response["sent"] == "False"),
                response.Text);
            Assert.Equal(sent.Id, response.Id);
        });
        await ShouldBePendingAsync(sent.Id);
    }

    [Fact]
    public async Task Send_ManyAtOnceWithOneKey_SendsOneEMailAndReturnsOneResponse()
    {
        var verification = A.Verification;

        var responses = await AtOnceAsync(verification, "key-1");
        var later = await Task.WhenAll(instances.Select(instance => SendAsync(instance, verification, "key-1")));

        Assert.Single(alibaba.Outbox.Messages);
        Assert.Single(alibaba.Requests.Items);
        var first = Assert.Single(
            responses, response => response is { Status: 201 } && response.Header("Idempotency-Replayed") is null);
        Assert.All(responses.Except([first]), response =>
        {
            Assert.True(response.Status is 201 or 409, response.Text);
            Assert.Equal(first.Id, response.Id);
        });
        Assert.All(
            responses.Concat(later).Where(response => response.Status == 201),
            response => Assert.Equal(first.Text, response.Text));
        Assert.All(later, repeat => Assert.Equal("true", repeat.ShouldBe(201).Header("Idempotency-Replayed")));
        await ShouldBePendingAsync(first.Id);
    }

    /// <summary>The first send times out before the store confirms its write.</summary>
    [Fact]
    public async Task Send_ConfirmedAfterAnotherRequestHasSent_IsNotSent()
    {
        var verification = A.Verification;
        var stalled = StartStalled(async () =>
        {
            await instances[0].Maintenance.RunAsync(Cancel);
            var open = (await instances[0].Store.FindOpenAsync(verification.Target()))!;
            Assert.Equal(VerificationState.Unknown, open.State);
            await instances[0].Resend.RunAsync(new(open.Id), key: null, Cancel);
        });

        var sent = await stalled.Send.RunAsync(verification.Request(), key: null, Cancel);

        Assert.Equal(
            SendFailureKind.NotSent, Assert.IsType<SendVerification.Result.Sent>(sent).Verification.LastFailure?.Kind);
        Assert.Single(alibaba.Requests.Items);
        Assert.Equal(VerificationState.Pending, (await instances[0].Store.FindOpenAsync(verification.Target()))?.State);
    }

    /// <summary>The first request cannot write, and in the meantime its repeat sends the code.</summary>
    [Fact]
    public async Task Send_NotStoredWhileItsRepeatSends_LeavesTheKeyToTheRepeat()
    {
        var verification = A.Verification;
        var key = IdempotencyKey.Create("key-1", verification.Request());
        Task<SendVerification.Result> SendAsync(EdsInstance instance) =>
            instance.Send.RunAsync(verification.Request(), key, Cancel);
        var failing = StartStalled(
            async () => Assert.IsType<SendVerification.Result.Sent>(await SendAsync(instances[0])), isStored: false);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(failing));

        var sent = (await failing.Store.FindOpenAsync(verification.Target()))!;
        await failing.Close.RunAsync(new(sent.Id, VerificationState.Cancelled), key: null, Cancel);
        time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<SendVerification.Result.Repeated>(await SendAsync(failing));
        Assert.Single(alibaba.Outbox.Messages);
    }

    /// <summary>The first attempt to attach times out before the store confirms its write.</summary>
    [Fact]
    public async Task Attach_ConfirmedAfterAnotherRequestHasAttached_AttachesNothing()
    {
        var verification = A.Verification;
        var sent = Assert.IsType<SendVerification.Result.Sent>(
            await instances[0].Send.RunAsync(verification.Request(), key: null, Cancel));
        var code = new VerifyCode(new Secret(Assert.Single(alibaba.Outbox.Messages).Code));
        string[] sites = ["cn-hangzhou+dir-1000000001", "cn-hangzhou+dir-1000000002"];
        Array.ForEach(sites, site => alibaba.OfficeSites.Put(
            new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = site }));
        Task<CodeUseResult> AttachAsync(EdsInstance instance, int site) => instance.Attach.RunAsync(
            new(sent.Verification.Id, new OfficeSiteId(sites[site]), code, "bob"), key: null, Cancel);
        var stalled = StartStalled(async () =>
            Assert.IsType<CodeUseResult.Attached>(await AttachAsync(instances[0], 1)));

        Assert.IsType<CodeUseResult.AlreadyClosed>(await AttachAsync(stalled, 0));

        Assert.Equal(
            [null, verification.CenId],
            sites.Select(id => alibaba.OfficeSites.Items.Single(site => site.OfficeSiteId == id).CenId));
    }

    /// <summary>Starts an instance whose first write takes two minutes, and then throws an exception.</summary>
    private EdsInstance StartStalled(Func<Task> meanwhile, bool isStored = true)
    {
        var writes = 0;
        var stalled = EdsInstance.Start(
            StoreDecorator.Create(Stores.Open(), async (method, call) =>
            {
                var isFirst = method == nameof(IVerificationStore.WriteAsync) && writes++ == 0;
                if (!isFirst || isStored)
                {
                    await call();
                }

                if (isFirst)
                {
                    time.Advance(TimeSpan.FromMinutes(2));
                    await meanwhile();
                    throw new IOException("There is no response.");
                }
            }),
            alibaba.Url,
            time);
        instances.Add(stalled);
        return stalled;
    }

    /// <summary>Sends one half of the requests to each instance.</summary>
    private async Task<ApiResponse[]> AtOnceAsync(VerificationBuilder verification, string? key, Guid? resend = null)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = Enumerable.Range(0, Requests).Select(async number =>
        {
            await start.Task;
            return await SendAsync(instances[number % instances.Count], verification, key, resend);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(requests);
    }

    /// <summary>Calls the endpoint.</summary>
    private static async Task<ApiResponse> SendAsync(
        EdsInstance instance, VerificationBuilder verification, string? key, Guid? resend = null)
    {
        var context = new DefaultHttpContext { RequestServices = instance.Services };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(resend is null ? verification.Json() : "{}"));
        context.Request.RouteValues["id"] = resend?.ToString();
        context.Response.Body = new MemoryStream();
        if (key is not null)
        {
            context.Request.Headers["Idempotency-Key"] = key;
        }

        var endpoints = instance.Services.GetRequiredService<VerificationEndpoints>();
        var result = await (resend is null
            ? endpoints.SendVerifyCode(context.Request)
            : endpoints.ResendVerifyCode(context.Request));
        await result.ExecuteAsync(context);
        return new ApiResponse(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()),
            context.Response.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Asserts that both instances list the same verification, which is pending.</summary>
    private async Task ShouldBePendingAsync(Guid id)
    {
        foreach (var instance in instances)
        {
            var found = Assert.Single(await instance.Store.ListAsync(
                new VerificationQuery(null, null, null, null, 10), Cancel).ReadableAsync());
            Assert.Equal((id, VerificationState.Pending), (found.Id, found.State));
        }
    }
}
