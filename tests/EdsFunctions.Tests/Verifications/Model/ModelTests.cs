using CsCheck;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>On a SQLite database in memory.</summary>
public sealed class SqliteModelTests() : ModelTests(new SqliteStores(inMemory: true), defaultSequences: 1000);

/// <summary>
/// Random sequences of requests, crashes and faults on two instances over one store; the promises hold after each step.
/// <c>EDS_MODEL_SEED</c> repeats a failure, <c>EDS_MODEL_SEQUENCES</c> sets how many there are.
/// </summary>
public abstract class ModelTests(TestStores stores, int defaultSequences) : StoresTest(stores)
{
    /// <summary>The stored response to a send that Alibaba accepted.</summary>
    internal const string Accepted = "accepted";

    private const int Instances = 2;

    /// <summary>With so many sequences, each result must have come about; else the steps no longer reach what they should.</summary>
    private const int EnoughForEveryResult = 500;

    private static readonly SendVerification.Request[] Requests =
        [.. Enumerable.Range(0, Step.Targets).Select(number => A.Verification.ForCen($"cen-model{number}").Request())];

    private readonly Stage stage = new();
    private readonly HashSet<Type> results = [];
    private EdsInstance[] instances = [];

    [Fact]
    public async Task Whatever_happens_in_whichever_order_the_promises_hold()
    {
        var sequences = Variable("EDS_MODEL_SEQUENCES") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : defaultSequences;
        var output = TestContext.Current.TestOutputHelper;
        Stores.Time = stage.Time;
        instances = [.. Enumerable.Range(0, Instances).Select(_ => Start())];

        // Everything that the app awaits goes on where it ended, on this thread: it belongs to no pool and has no context.
        await Task.Factory.StartNew(
            () => Step.Sequences.Sample(
                Run,
                seed: Variable("EDS_MODEL_SEED"),
                iter: sequences,
                threads: 1,
                print: steps => string.Join('\n', steps.AsEnumerable()),
                writeLine: line => output?.WriteLine(line)),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Array.ForEach(instances, instance => instance.Dispose());
        stage.Dispose();

        if (sequences >= EnoughForEveryResult)
        {
            Assert.Empty(new[] { typeof(SendVerification.Result), typeof(CloseVerification.Result) }
                .SelectMany(union => union.GetNestedTypes()).Except(results));
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Runs the steps, lets what stands still go on, and the timer clean up.</summary>
    private void Run(Step[] steps)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Stores.Clear();
        stage.Clear();
        var standing = new List<Operation>();
        foreach (var (number, step) in steps.Index())
        {
            Take(step, instances[number % Instances], standing);
        }

        while (standing.Count > 0)
        {
            Take(new Step.Resume(0), instances[0], standing);
        }

        stage.StoreLate();
        // Before anything is stale: the report would time out what it names.
        Take(new Step.SetBack(TimeSpan.Zero), instances[0], standing);
        Take(new Step.Wait(TimeSpan.FromMinutes(2)), instances[0], standing);
        Take(new Step.Report(Stop: null, Fault: null), instances[0], standing);
        stage.Promises.TimedOut();
        Take(new Step.Wait(TimeSpan.FromHours(1)), instances[1], standing);
        Take(new Step.Report(Stop: null, Fault: null), instances[1], standing);
        stage.Promises.Finished(
            instances[0].Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), CancellationToken.None).ReadableAsync().Result,
            instances[1].Report.PreviewAsync(CancellationToken.None).Result);
        Assert.True(stage.Promises.Broken.Count == 0, string.Join("\n", stage.Promises.Broken));
    }

    private EdsInstance Start() => EdsInstance.Start(
        StoreDecorator.Create(Stores.Open(), stage.AroundStoreAsync),
        new Uri("http://127.0.0.1:1"),
        stage.Time,
        services => services.PostConfigure<VerificationOptions>(options => options.MaxSendsPerOwnerPerHour = Promises.OwnerLimit)
            .AddHttpClient(EcdTransport.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => stage)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan));

    private void Take(Step step, EdsInstance instance, List<Operation> standing)
    {
        // No two verifications are of one millisecond: their order would be that of the random part of their ids.
        stage.Time.Advance(TimeSpan.FromMilliseconds(1));
        stage.StoreLate();
        switch (step)
        {
            case Step.Send send:
                var request = Requests[send.Target] with { Note = send.Note == 0 ? null : "another" };
                var key = Key(send.Key, request.Target.CenId, request.Note);
                Begin(new Operation(send, send.Stop, send.Fault, send.First, send.Second) { Key = key }, standing, () =>
                    SendAsync(instance, key, instance.Send.RunAsync(request, key, CancellationToken.None)));
                break;
            case Step.Resend resend:
                var resent = Which(resend.Which);
                var resendKey = Key(resend.Key, "resend", resent.ToString());
                Begin(new Operation(resend, resend.Stop, resend.Fault, resend.First, resend.Second) { Key = resendKey }, standing, () =>
                    SendAsync(
                        instance, resendKey, instance.Resend.RunAsync(new(resent), resendKey, CancellationToken.None)));
                break;
            case Step.Close close:
                var id = Which(close.Which);
                var closeKey = Key(close.Key, close.State.ToString(), id.ToString());
                Begin(new Operation(close, close.Stop, close.Fault) { Key = closeKey }, standing, async () =>
                    await instance.Close.RunAsync(new(id, close.State, "bob"), closeKey, CancellationToken.None));
                break;
            case Step.Report report:
                Begin(new Operation(report, report.Stop, report.Fault), standing, async () =>
                {
                    await instance.Maintenance.RunAsync(CancellationToken.None);
                    return "reported";
                });
                break;
            case Step.Wait wait:
                stage.Time.Advance(wait.Time);
                break;
            case Step.SetBack setBack:
                stage.Time.Behind = setBack.Behind;
                break;
            case Step.Resume resume when standing.Count > 0:
                var operation = standing[resume.Which % standing.Count];
                standing.Remove(operation);
                stage.Run(operation, operation.Resume);
                End(operation, standing);
                break;
        }

        Assert.True(stage.Promises.Broken.Count == 0, string.Join("\n", stage.Promises.Broken));
    }

    /// <summary>A verification, counted back from the latest.</summary>
    private Guid Which(int number)
    {
        var records = stage.Promises.Records;
        return records.Count == 0 ? Guid.Empty : records[records.Count - 1 - (number % records.Count)].Id;
    }

    private static IdempotencyKey? Key(int? name, params string?[] request) =>
        name is null ? null : IdempotencyKey.Create($"key {name}", request);

    /// <summary>As the endpoint does, keeps the response unless its repeats are to try again.</summary>
    private static async Task<object> SendAsync(
        EdsInstance instance, IdempotencyKey? key, Task<SendVerification.Result> sending)
    {
        var result = await sending;
        if (key is not null
            && result is SendVerification.Result.Sent { Verification: { LastFailure: not { MayPass: true } } sent })
        {
            await instance.Services.GetRequiredService<RepeatedRequests>()
                .SaveResponseAsync(key, sent.LastFailure is null ? Accepted : "not accepted");
        }

        return result;
    }

    private void Begin(Operation operation, List<Operation> standing, Func<Task<object>> begin)
    {
        stage.Run(operation, () => operation.Task = begin());
        End(operation, standing);
    }

    private void End(Operation operation, List<Operation> standing)
    {
        if (!operation.IsStopped)
        {
            var result = operation.Task.IsFaulted ? operation.Task.Exception.InnerException! : operation.Task.Result;
            results.Add(result.GetType());
            stage.Promises.Ended(operation, result);
        }
        else if (!operation.Crashes)
        {
            standing.Add(operation);
        }
    }
}
