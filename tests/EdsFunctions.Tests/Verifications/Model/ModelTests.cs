using CsCheck;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Runs the random sequences on a SQLite database in memory.</summary>
public sealed class SqliteModelTests() : ModelTests(new SqliteStores(inMemory: true), defaultSequences: 1000);

/// <summary>
/// Runs random sequences of requests, crashes and faults on two instances of the app that share a store, and checks
/// both promises after each step. The environment variable <c>EDS_MODEL_SEED</c> repeats a failure, and
/// <c>EDS_MODEL_SEQUENCES</c> sets the number of sequences.
/// </summary>
public abstract class ModelTests(TestStores stores, int defaultSequences) : StoresTest(stores)
{
    /// <summary>The response that the test stores under the key of a send that Alibaba accepted.</summary>
    internal const string Accepted = "accepted";

    private const int Instances = 2;

    /// <summary>
    /// The number of sequences after which each possible result must have occurred. Otherwise, the steps do not cover
    /// all cases.
    /// </summary>
    private const int MinSequencesForEveryResult = 500;

    private static readonly SendVerification.Request[] Requests =
        [.. Enumerable.Range(0, Step.Targets).Select(number => A.Verification.ForCen($"cen-model{number}").Request())];

    private readonly OperationRunner runner = new();
    private readonly HashSet<Type> results = [];
    private EdsInstance[] instances = [];

    [Fact]
    public async Task Run_RandomSequences_KeepsThePromises()
    {
        var sequences = Variable("EDS_MODEL_SEQUENCES") is { } number
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : defaultSequences;
        var output = TestContext.Current.TestOutputHelper;
        Stores.Time = runner.Time;
        instances = [.. Enumerable.Range(0, Instances).Select(_ => Start())];

        // Run on a thread of its own, without a synchronization context, so that continuations run on this thread.
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
        runner.Dispose();

        if (sequences >= MinSequencesForEveryResult)
        {
            Assert.Empty(new[] { typeof(SendVerification.Result), typeof(CloseVerification.Result) }
                .SelectMany(union => union.GetNestedTypes())
                // Leave out the result that sends are paused, which no sequence does.
                .Except([.. results, typeof(SendVerification.Result.Paused)]));
        }
    }

    private static string? Variable(
        string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Runs the steps, resumes suspended operations, and runs the timer.</summary>
    private void Run(Step[] steps)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Stores.Clear();
        runner.Clear();
        var suspended = new List<Operation>();
        foreach (var (number, step) in steps.Index())
        {
            Execute(step, instances[number % Instances], suspended);
        }

        while (suspended.Count > 0)
        {
            Execute(new Step.Resume(0), instances[0], suspended);
        }

        runner.StoreLate();
        // Set the clock right before anything is stale, because a report times out the sends that it includes.
        Execute(new Step.SetClockBack(TimeSpan.Zero), instances[0], suspended);
        Execute(new Step.Wait(TimeSpan.FromMinutes(2)), instances[0], suspended);
        Execute(new Step.Report(Stop: null, Fault: null), instances[0], suspended);
        runner.Promises.TimedOut();
        Execute(new Step.Wait(TimeSpan.FromHours(1)), instances[1], suspended);
        Execute(new Step.Report(Stop: null, Fault: null), instances[1], suspended);
        runner.Promises.Finished(
            instances[0].Store
                .ListAsync(new VerificationQuery(null, null, null, null, 1000), CancellationToken.None)
                .ReadableAsync()
                .Result,
            instances[1].Report.PreviewAsync(CancellationToken.None).Result);
        Assert.True(runner.Promises.Violations.Count == 0, string.Join("\n", runner.Promises.Violations));
    }

    private EdsInstance Start() => EdsInstance.Start(
        StoreDecorator.Create(Stores.Open(), runner.AroundStoreAsync),
        new Uri("http://127.0.0.1:1"),
        runner.Time,
        services => services.PostConfigure<VerificationOptions>(
            options => options.MaxSendsPerOwnerPerHour = Promises.OwnerLimit)
            .AddHttpClient(EcdTransport.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => runner)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan));

    private void Execute(Step step, EdsInstance instance, List<Operation> suspended)
    {
        // Advance the time: the order of the ids of two verifications from the same millisecond would be random.
        runner.Time.Advance(TimeSpan.FromMilliseconds(1));
        runner.StoreLate();
        switch (step)
        {
            case Step.Send send:
                var request = Requests[send.Target] with { Note = send.Note == 0 ? null : "another" };
                var key = Key(send.Key, request.Target.CenId, request.Note);
                Begin(
                    new Operation(send, send.Stop, send.Fault, send.First, send.Second) { Key = key },
                    suspended,
                    () => SendAsync(instance, key, instance.Send.RunAsync(request, key, CancellationToken.None)));
                break;
            case Step.Resend resend:
                var resent = FindId(resend.Index);
                var resendKey = Key(resend.Key, "resend", resent.ToString());
                Begin(
                    new Operation(resend, resend.Stop, resend.Fault, resend.First, resend.Second) { Key = resendKey },
                    suspended,
                    () => SendAsync(
                        instance, resendKey, instance.Resend.RunAsync(new(resent), resendKey, CancellationToken.None)));
                break;
            case Step.Close close:
                var id = FindId(close.Index);
                var closeKey = Key(close.Key, close.State.ToString(), id.ToString());
                Begin(new Operation(close, close.Stop, close.Fault) { Key = closeKey }, suspended, async () =>
                    await instance.Close.RunAsync(new(id, close.State, "bob"), closeKey, CancellationToken.None));
                break;
            case Step.Report report:
                Begin(new Operation(report, report.Stop, report.Fault), suspended, async () =>
                {
                    await instance.Maintenance.RunAsync(CancellationToken.None);
                    return "reported";
                });
                break;
            case Step.Wait wait:
                runner.Time.Advance(wait.Time);
                break;
            case Step.SetClockBack setClockBack:
                runner.Time.Behind = setClockBack.Behind;
                break;
            case Step.Resume resume when suspended.Count > 0:
                var operation = suspended[resume.Index % suspended.Count];
                suspended.Remove(operation);
                runner.Run(operation, operation.Resume);
                End(operation, suspended);
                break;
        }

        Assert.True(runner.Promises.Violations.Count == 0, string.Join("\n", runner.Promises.Violations));
    }

    /// <summary>The id of a verification, counted back from the latest.</summary>
    private Guid FindId(int number)
    {
        var records = runner.Promises.Records;
        return records.Count == 0 ? Guid.Empty : records[records.Count - 1 - (number % records.Count)].Id;
    }

    private static IdempotencyKey? Key(int? name, params string?[] request) =>
        name is null ? null : IdempotencyKey.Create($"key {name}", request);

    /// <summary>
    /// Sends a code. Stores the response as the endpoint does, unless a repeat is to be processed like a new request.
    /// </summary>
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

    private void Begin(Operation operation, List<Operation> suspended, Func<Task<object>> begin)
    {
        runner.Run(operation, () => operation.Task = begin());
        End(operation, suspended);
    }

    private void End(Operation operation, List<Operation> suspended)
    {
        if (!operation.IsSuspended)
        {
            var result = operation.Task.IsFaulted ? operation.Task.Exception.InnerException! : operation.Task.Result;
            results.Add(result.GetType());
            runner.Promises.Ended(operation, result);
        }
        else if (!operation.Crashes)
        {
            suspended.Add(operation);
        }
    }
}
