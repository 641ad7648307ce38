using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

/// <summary>Two processes of one machine share a file.</summary>
public sealed class SqliteRaceTests() : RaceTests(new SqliteStores());

/// <summary>
/// Many requests at the same moment, to two instances that share a store. Who is first is up to the machine; what comes of it is not.
/// </summary>
public abstract class RaceTests(TestStores stores) : StoresTest(stores)
{
    private const int Requests = 64;

    /// <summary>It stands still, so that however slow the machine is, no attempt is given up and no cooldown ends.</summary>
    private readonly FakeTimeProvider time = new(VerificationBuilder.Noon);
    private readonly List<EdsInstance> instances = [];
    private SimulatorServer alibaba = null!;

    public override async ValueTask InitializeAsync()
    {
        Stores.Time = time;
        await base.InitializeAsync();
        alibaba = await SimulatorServer.StartAsync(new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, time, Cancel);
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
    public async Task Of_many_requests_at_once_for_one_target_one_sends_or_resends_and_the_others_hear_of_it(bool resend)
    {
        var verification = A.Verification;
        Guid? id = null;
        if (resend)
        {
            id = (await SendAsync(instances[0], verification, key: null)).Id;
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var answers = await AtOnceAsync(verification, key: null, id);

        Assert.Equal(resend ? 2 : 1, alibaba.Outbox.Messages.Count);
        Assert.Equal(resend ? 2 : 1, alibaba.Requests.Items.Count);
        var sent = Assert.Single(answers, answer => answer["sent"] == "True");
        Assert.All(answers.Except([sent]), answer =>
        {
            Assert.True(answer.Status is 409 || (resend ? answer.Status is 429 : answer["sent"] == "False"), answer.Text);
            Assert.Equal(sent.Id, answer.Id);
        });
        await OnRecordAsync(sent.Id);
    }

    [Fact]
    public async Task Many_requests_at_once_with_one_key_send_once_and_end_with_one_answer()
    {
        var verification = A.Verification;

        var answers = await AtOnceAsync(verification, "key-1");
        var later = await Task.WhenAll(instances.Select(instance => SendAsync(instance, verification, "key-1")));

        Assert.Single(alibaba.Outbox.Messages);
        Assert.Single(alibaba.Requests.Items);
        var first = Assert.Single(answers, answer => answer is { Status: 201 } && answer.Header("Idempotency-Replayed") is null);
        Assert.All(answers.Except([first]), answer =>
        {
            Assert.True(answer.Status is 201 or 409, answer.Text);
            Assert.Equal(first.Id, answer.Id);
        });
        Assert.All(answers.Concat(later).Where(answer => answer.Status == 201), answer => Assert.Equal(first.Text, answer.Text));
        Assert.All(later, repeat => Assert.Equal("true", repeat.ShouldBe(201).Header("Idempotency-Replayed")));
        await OnRecordAsync(first.Id);
    }

    /// <summary>The first send times out before its process knows that it is recorded.</summary>
    [Fact]
    public async Task Send_ConfirmedAfterAnotherRequestHasSent_SaysThatItSentNothing()
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

    /// <summary>The first attempt times out before its process knows that it is recorded.</summary>
    [Fact]
    public async Task Attach_ConfirmedAfterAnotherRequestHasAttached_AttachesNothing()
    {
        var verification = A.Verification;
        var sent = Assert.IsType<SendVerification.Result.Sent>(
            await instances[0].Send.RunAsync(verification.Request(), key: null, Cancel));
        var code = new VerifyCode(new Secret(Assert.Single(alibaba.Outbox.Messages).Code));
        string[] sites = ["cn-hangzhou+dir-1000000001", "cn-hangzhou+dir-1000000002"];
        Array.ForEach(sites, site => alibaba.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = site }));
        Task<AttachToOfficeSite.Result> AttachAsync(EdsInstance instance, int site) => instance.Attach.RunAsync(
            new(sent.Verification.Id, new OfficeSiteId(sites[site]), code, "bob"), key: null, Cancel);
        var stalled = StartStalled(async () =>
            Assert.IsType<AttachToOfficeSite.Result.Attached>(await AttachAsync(instances[0], 1)));

        Assert.IsType<AttachToOfficeSite.Result.AlreadyClosed>(await AttachAsync(stalled, 0));

        Assert.Equal([null, verification.CenId], sites.Select(id => alibaba.OfficeSites.Items.Single(site => site.OfficeSiteId == id).CenId));
    }

    /// <summary>An instance that stands still after its first write, while another one goes on, and then gets no response.</summary>
    private EdsInstance StartStalled(Func<Task> meanwhile)
    {
        var writes = 0;
        var stalled = EdsInstance.Start(
            StoreDecorator.Create(Stores.Open(), async (method, call) =>
            {
                await call();
                if (method == nameof(IVerificationStore.WriteAsync) && writes++ == 0)
                {
                    time.Advance(TimeSpan.FromMinutes(2));
                    await meanwhile();
                    throw new IOException("The response of the store was lost.");
                }
            }),
            alibaba.Url,
            time);
        instances.Add(stalled);
        return stalled;
    }

    /// <summary>One half to each instance.</summary>
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

    /// <summary>What the endpoint answers.</summary>
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
        var result = await (resend is null ? endpoints.SendVerifyCode(context.Request) : endpoints.ResendVerifyCode(context.Request));
        await result.ExecuteAsync(context);
        return new ApiResponse(
            context.Response.StatusCode,
            Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()),
            context.Response.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>There is one verification, it waits, and both instances say so.</summary>
    private async Task OnRecordAsync(Guid id)
    {
        foreach (var instance in instances)
        {
            var found = Assert.Single(await instance.Store.ListAsync(
                new VerificationQuery(null, null, null, null, 10), Cancel).ReadableAsync());
            Assert.Equal((id, VerificationState.Pending), (found.Id, found.State));
        }
    }
}
