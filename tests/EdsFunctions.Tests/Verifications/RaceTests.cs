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
    [InlineData(201)]
    [InlineData(200)]
    public async Task Of_many_requests_at_once_for_one_target_one_sends_or_resends_and_the_others_hear_of_it(int status)
    {
        var verification = A.Verification;
        if (status == 200)
        {
            await SendAsync(instances[0], verification, key: null);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        var answers = await AtOnceAsync(verification, key: null);

        Assert.Equal(status == 200 ? 2 : 1, alibaba.Outbox.Messages.Count);
        Assert.Equal(status == 200 ? 2 : 1, alibaba.Requests.Items.Count);
        var sent = Assert.Single(answers, answer => answer.Status == status);
        Assert.All(answers.Except([sent]), answer =>
        {
            Assert.True(answer.Status is 409 or 429, answer.Text);
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

    /// <summary>One half to each instance.</summary>
    private async Task<ApiResponse[]> AtOnceAsync(VerificationBuilder verification, string? key)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = Enumerable.Range(0, Requests).Select(async number =>
        {
            await start.Task;
            return await SendAsync(instances[number % instances.Count], verification, key);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(requests);
    }

    /// <summary>What the endpoint answers.</summary>
    private static async Task<ApiResponse> SendAsync(EdsInstance instance, VerificationBuilder verification, string? key)
    {
        var context = new DefaultHttpContext { RequestServices = instance.Services };
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(verification.Json()));
        context.Response.Body = new MemoryStream();
        if (key is not null)
        {
            context.Request.Headers["Idempotency-Key"] = key;
        }

        var result = await instance.Services.GetRequiredService<VerificationEndpoints>().SendAsync(context.Request);
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
                new VerificationQuery(null, null, null, null, 10), Cancel));
            Assert.Equal((id, VerificationState.Pending), (found.Id, found.State));
        }
    }
}
