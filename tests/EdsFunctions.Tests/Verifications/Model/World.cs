namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The real thing: two instances as the app registers them, over one store, with a clock and a gateway that the stage moves.</summary>
internal sealed class World : IDisposable
{
    private static readonly VerificationBuilder[] Targets =
        [.. Enumerable.Range(0, Steps.Targets).Select(number => A.Verification.ForCen($"cen-model{number}"))];

    private static readonly VerifyCode Code = new(new Secret("482913"));

    private readonly SharedStore shared;
    private readonly StagedStore[] stores;
    private readonly StagedAlibaba alibaba;
    private readonly EdsInstance[] instances;

    public World(SharedStore shared)
    {
        this.shared = shared;
        alibaba = new StagedAlibaba(Stage);
        stores = [.. Enumerable.Range(0, Steps.Instances).Select(_ => new StagedStore(Stage))];
        instances = [.. stores.Select(store => EdsInstance.Start(
            store, new Uri("http://127.0.0.1:1"), new StagedTime(Stage), services =>
            {
                services.Configure<ReconcileOptions>(reconcile => reconcile.Enabled = true);
                services.AddHttpClient(EcdTransport.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => alibaba)
                    .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
            }))];
    }

    public Stage Stage { get; } = new();

    public bool OrphansById => shared.OrphansById;

    /// <summary>Nothing is on record, and nothing has happened.</summary>
    public void Clear()
    {
        Stage.Clear();
        foreach (var (staged, real) in stores.Zip(shared.Fresh()))
        {
            staged.Real = real;
        }
    }

    public Task<object> Begin(Operation operation, Step.Send step, int number) => Stage.Begin<object>(operation, async () =>
    {
        var command = CommandOf(step);
        var key = step.Key is { } name ? IdempotencyKey.Of($"key {name}", command) : null;
        var verifications = instances[operation.Instance].Verifications;
        var result = await verifications.SendAsync(command, key, CancellationToken.None);
        if (key is not null && result is SendResult.Sent { Verification: var sent })
        {
            await verifications.RememberAnswerAsync(
                key, Reply.Words(number, sent.State, sent.SendCount, sent.LastFailure?.Kind));
        }

        return result;
    });

    public Task<object> Begin(Operation operation, Step.Close step, Guid id) => Stage.Begin<object>(operation, async () =>
        await instances[operation.Instance].Verifications.CloseAsync(
                id, step.State, new Closing("bob"), key: null, CancellationToken.None));

    public Task<object> Begin(Operation operation, Step.Check step, Guid id) => Stage.Begin<object>(operation, async () =>
        await Attachments(operation).CheckAsync(
            id, new CidrBlock("192.168.7.0/24"), Code, key: null, CancellationToken.None));

    public Task<object> Begin(Operation operation, Step.Attach step, Guid id) => Stage.Begin<object>(operation, async () =>
        await Attachments(operation).AttachAsync(
            id, new OfficeSiteId(StagedAlibaba.OfficeOf(step.Site)), Code, "bob", key: null, CancellationToken.None));

    /// <summary>Someone changes an office network at the console.</summary>
    public void Change(Step.Console step) =>
        Stage.Offices[step.Site] = step.Target is { } target ? Targets[target].CenId : null;

    /// <summary>The office networks that the CEN of a target is attached to, by number.</summary>
    public IEnumerable<int> OfficesOf(int target) =>
        Enumerable.Range(0, Steps.Sites).Where(site => Stage.Offices[site] == Targets[target].CenId);

    public Task<object> BeginReport(Operation operation) => Stage.Begin<object>(operation, async () =>
    {
        await instances[operation.Instance].Report.RunAsync(CancellationToken.None);
        return "reported";
    });

    /// <summary>What <c>GET reports/stale</c> would show.</summary>
    public StaleDigest Preview(int instance) =>
        Stage.Begin(new Operation(instance, null), () => instances[instance].Report.PreviewAsync(CancellationToken.None)).GetAwaiter().GetResult();

    /// <summary>What is on record, as the list shows it.</summary>
    public IReadOnlyList<Verification> List(int instance, params VerificationState[]? states) =>
        Stage.Begin(new Operation(instance, null), () => instances[instance].Verifications.ListAsync(
            new VerificationQuery(states is { Length: > 0 } ? states : null, null, null, null, 1000), CancellationToken.None)).GetAwaiter().GetResult();

    public int Mails(int target) => Stage.Mails.GetValueOrDefault(Targets[target].CenId);

    public static int TargetOf(Verification verification) =>
        Array.FindIndex(Targets, target => target.CenId == verification.Target.CenId);

    public void Dispose()
    {
        foreach (var instance in instances)
        {
            instance.Dispose();
        }

        alibaba.Dispose();
        shared.Dispose();
    }

    private AttachmentService Attachments(Operation operation) =>
        instances[operation.Instance].Services.GetRequiredService<AttachmentService>();

    private static SendCommand CommandOf(Step.Send step) =>
        new(Targets[step.Target].Target(), Note: step.Note == 0 ? null : "another");
}
