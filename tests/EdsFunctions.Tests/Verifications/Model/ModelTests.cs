using CsCheck;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Random sequences of requests, crashes and faults on two instances over one store; the promises hold after each step. One class per
/// store runs them. <c>EDS_MODEL_SEED</c> repeats a failure, <c>EDS_MODEL_SEQUENCES</c> sets how many there are.
/// </summary>
public abstract class ModelTests
{
    private const int Instances = 2;

    /// <summary>With so many sequences, each result must have come about; else the steps no longer reach what they should.</summary>
    private const int EnoughForEveryResult = 500;

    private static readonly VerifyCode Code = new(new Secret("482913"));
    private static readonly VerificationBuilder[] Targets =
        [.. Enumerable.Range(0, Step.Targets).Select(number => A.Verification.ForCen($"cen-model{number}"))];

    private static readonly string[] Results =
    [
        .. new[] { typeof(SendResult), typeof(CloseResult), typeof(AttachResult) }.SelectMany(union => union.GetNestedTypes())
            .Except([typeof(AttachResult.WithoutCen)]).Select(type => type.FullName!),
    ];

    private readonly Stage stage = new();
    private readonly HashSet<string> results = [];
    private EdsInstance[] instances = [];

    /// <summary>How many sequences are run, unless the environment says otherwise.</summary>
    private protected abstract int Sequences { get; }

    /// <summary>The store as one instance sees it.</summary>
    private protected abstract IVerificationStore Open();

    /// <summary>Removes everything from the store.</summary>
    private protected abstract void Clear();

    [Fact]
    public async Task Whatever_happens_in_whichever_order_the_promises_hold()
    {
        var sequences = Environment.GetEnvironmentVariable("EDS_MODEL_SEQUENCES") is { Length: > 0 } number
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : Sequences;
        var output = TestContext.Current.TestOutputHelper;
        using var alibaba = new StagedAlibaba(stage);
        instances = [.. Enumerable.Range(0, Instances).Select(_ => Start(alibaba))];

        // Everything that the app awaits goes on where it ended, on this thread: it belongs to no pool and has no context.
        await Task.Factory.StartNew(
            () => Step.Sequences.Sample(
                Run,
                seed: Environment.GetEnvironmentVariable("EDS_MODEL_SEED") is { Length: > 0 } seed ? seed : null,
                iter: sequences,
                threads: 1,
                print: steps => string.Join('\n', steps.AsEnumerable()),
                writeLine: line => output?.WriteLine(line)),
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Array.ForEach(instances, instance => instance.Dispose());

        if (sequences >= EnoughForEveryResult)
        {
            Assert.Empty(Results.Except(results));
        }
    }

    /// <summary>Runs the steps, lets what stands still go on, and the timer clean up.</summary>
    private void Run(Step[] steps)
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Clear();
        stage.Clear();
        var standing = new List<Operation>();
        var number = 0;
        foreach (var step in steps)
        {
            Take(step, instances[number++ % Instances], standing);
        }

        while (standing.Count > 0)
        {
            Take(new Step.Resume(0), instances[0], standing);
        }

        Take(new Step.SetBack(TimeSpan.Zero), instances[0], standing);
        Take(new Step.Wait(TimeSpan.FromHours(1)), instances[0], standing);
        Take(new Step.Report(ListDenied: false, Stop: null), instances[1], standing);
        stage.Promises.Finished(
            Ask(() => instances[0].Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), CancellationToken.None)),
            Ask(() => instances[1].Report.PreviewAsync(CancellationToken.None)));
        Assert.Empty(stage.Promises.Broken);
    }

    private EdsInstance Start(StagedAlibaba alibaba) => EdsInstance.Start(
        new StoreDecorator(Open(), (_, call) => stage.AroundStoreAsync(call)),
        new Uri("http://127.0.0.1:1"),
        new StagedTime(stage),
        services =>
        {
            services.Configure<ReconcileOptions>(reconcile => reconcile.Enabled = true);
            services.AddHttpClient(EcdTransport.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => alibaba)
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        });

    private void Take(Step step, EdsInstance instance, List<Operation> standing)
    {
        // No two verifications are of one millisecond: their order would be that of the random part of their ids.
        stage.Passed += TimeSpan.FromMilliseconds(1);
        var services = instance.Services;
        var attachments = services.GetRequiredService<AttachmentService>();
        switch (step)
        {
            case Step.Send send:
                Begin(new Operation(send, send.Stop, send.First, send.Second), standing, () => SendAsync(instance.Verifications, send));
                break;
            case Step.Close close:
                Begin(new Operation(close, close.Stop), standing, async () => await instance.Verifications.CloseAsync(
                    Id(close.Which), close.State, new Closing("bob"), key: null, CancellationToken.None));
                break;
            case Step.Check check:
                Begin(new Operation(check, check.Stop, check.First), standing, async () => await attachments.CheckAsync(
                    Id(check.Which), new CidrBlock("192.168.7.0/24"), Code, key: null, CancellationToken.None));
                break;
            case Step.Attach attach:
                Begin(new Operation(attach, attach.Stop, attach.First, attach.Second), standing, async () => await attachments.AttachAsync(
                    Id(attach.Which), new OfficeSiteId(StagedAlibaba.OfficeOf(attach.Site)), Code, "bob", key: null, CancellationToken.None));
                break;
            case Step.Report report:
                Begin(new Operation(report, report.Stop), standing, async () =>
                {
                    await instance.Report.RunAsync(CancellationToken.None);
                    return "reported";
                });
                break;
            case Step.Console console:
                stage.Offices[console.Site] = console.Target is { } target ? Targets[target].CenId : null;
                break;
            case Step.Wait wait:
                stage.Passed += wait.Time;
                break;
            case Step.SetBack setBack:
                stage.Behind = setBack.Behind;
                break;
            case Step.Resume resume when standing.Count > 0:
                var operation = standing[resume.Which % standing.Count];
                standing.Remove(operation);
                stage.Resume(operation);
                End(operation, standing);
                break;
        }

        Assert.Empty(stage.Promises.Broken);
    }

    private static async Task<object> SendAsync(VerificationService verifications, Step.Send send)
    {
        var command = new SendCommand(Targets[send.Target].Target(), Note: send.Note == 0 ? null : "another");
        var key = send.Key is { } name ? IdempotencyKey.Of($"key {name}", command) : null;
        var result = await verifications.SendAsync(command, key, CancellationToken.None);
        if (key is not null && result is SendResult.Sent sent)
        {
            await verifications.RememberAnswerAsync(key, sent.Verification.Id.ToString());
        }

        return result;
    }

    private void Begin(Operation operation, List<Operation> standing, Func<Task<object>> begin)
    {
        stage.Begin(operation, begin);
        End(operation, standing);
    }

    private void End(Operation operation, List<Operation> standing)
    {
        if (!operation.IsStopped)
        {
            var result = operation.Task.IsFaulted ? operation.Task.Exception.InnerException! : operation.Task.Result;
            results.Add(result.GetType().FullName!);
            stage.Promises.Ended(operation, result);
        }
        else if (operation.Stop is { Crashes: false })
        {
            standing.Add(operation);
        }
    }

    /// <summary>One of those on record, counted back from the latest, and around; one that never was if there is none.</summary>
    private Guid Id(int which) =>
        stage.Promises.Records is { Count: > 0 } records ? records[records.Count - 1 - (which % records.Count)].Id : Guid.Empty;

    private T Ask<T>(Func<Task<T>> ask)
        where T : class
    {
        var operation = new Operation(new Step.Report(ListDenied: false, Stop: null));
        stage.Begin(operation, async () => await ask());
        return (T)operation.Task.Result;
    }
}
