namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Checks the promises in a random sequence: at most one e-mail per request, nothing is lost, and states only move
/// forward. Collects the violations, because the app would catch an exception.
/// </summary>
internal sealed class Promises
{
    /// <summary>
    /// The time for which the app certainly keeps an idempotency key, although its clock may be behind.
    /// </summary>
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(48) - TimeSpan.FromMinutes(15);

    /// <summary>
    /// The time for which e-mails certainly count for the limit: an hour less a minute, although the clock may be
    /// behind.
    /// </summary>
    private static readonly TimeSpan LimitPeriod = TimeSpan.FromMinutes(59) - TimeSpan.FromMinutes(15);

    private readonly Dictionary<Guid, Verification> records = [];
    private readonly Dictionary<Guid, int> mails = [];
    private readonly Dictionary<IdempotencyKey, DateTimeOffset> mailedFor = [];
    private readonly List<DateTimeOffset> mailedAt = [];

    /// <summary>The maximum number of e-mails to the owner in an hour.</summary>
    public const int OwnerLimit = 3;

    /// <summary>The violations of the promises.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>The verifications that were recorded, oldest first.</summary>
    public IReadOnlyList<Verification> Records => [.. records.Values];

    /// <summary>Checks a write of a verification.</summary>
    public void Written(Operation operation, Verification next)
    {
        var before = records.GetValueOrDefault(next.Id);
        var isAttempt = next.SendCount == (before?.SendCount ?? 0) + 1;
        var isSend = isAttempt && next.State == VerificationState.Sending;
        // If the store did not confirm a send, the app records it as not sent.
        var isNotSent = isAttempt && next.LastFailure is { Kind: SendFailureKind.NotSent }
            && next.State == before?.State switch
            {
                null => VerificationState.Failed,
                // It had timed out.
                VerificationState.Sending => VerificationState.Unknown,
                var state => state,
            };
        records[next.Id] = next;
        Require(
            before is null ? isSend || isNotSent : before.IsOpen,
            $"a verification begins with a send, and changes only while it is open: {next}");
        Require(isSend || isNotSent || next.SendCount == before?.SendCount, $"a send is recorded by itself: {next}");
        Require(
            isSend || next.State != VerificationState.Sending || before?.State == VerificationState.Sending,
            $"no state goes back to sending: {next}");
        Require(
            (before?.State, next.State) is not (VerificationState.Pending, VerificationState.Unknown),
            $"an accepted send stays accepted: {next}");
        Require(
            next.State != VerificationState.Failed || (next.SendCount == 1 && Mails(next.Id) == 0),
            $"a verification with an e-mail does not fail: {next}");
        Require(
            records.Values.Count(one => one.IsOpen && one.Target == next.Target) <= 1,
            $"a target has at most one open verification: {next}");
        if (isSend || isNotSent)
        {
            Require(operation.Recorded is null, $"a request records at most one send: {next}");
            Require(
                before is null ? operation.Step is Step.Send : operation.Step is Step.Resend,
                $"only a request to resend resends: {next}");
            operation.Recorded = (next.Id, next.SendStartedAt);
        }
    }

    /// <summary>Checks an e-mail that was sent.</summary>
    public void Mailed(Operation operation)
    {
        operation.Mails++;
        Require(operation.Mails == 1, $"a request sends at most one e-mail");
        Require(operation.Recorded is not null, $"an e-mail is recorded before it is sent");
        if (operation is { Recorded: var (id, at) })
        {
            mails[id] = Mails(id) + 1;
            Require(mails[id] <= records[id].SendCount, $"each e-mail is recorded: {records[id]}");
            Require(
                mailedAt.Count(one => one > at - LimitPeriod) < OwnerLimit,
                $"an owner gets no more e-mails than the limit allows");
            mailedAt.Add(at);
            if (operation.Key is { } key)
            {
                Require(
                    !mailedFor.TryGetValue(key, out var before) || (at - before).Duration() > KeyLifetime,
                    $"requests with one key send one e-mail");
                mailedFor[key] = at;
            }
        }
    }

    /// <summary>
    /// Checks the result of an operation: it says the truth about the e-mail, and a repeat gets no false success.
    /// </summary>
    public void Ended(Operation operation, object result) => Require(
        result switch
        {
            SendVerification.Result.Sent { Verification: var sent } => sent.LastFailure?.Kind switch
            {
                null => sent.Id == operation.Recorded?.Id && operation.Mails == 1,
                SendFailureKind.Unknown => sent.Id == operation.Recorded?.Id,
                // A send that the store did not confirm, and that conflicts, is not recorded.
                SendFailureKind.NotSent =>
                    (operation.Recorded is null || sent.Id == operation.Recorded?.Id) && operation.Mails == 0,
                _ => sent.Id == operation.Recorded?.Id && operation.Mails == 0,
            },
            SendVerification.Result.Repeated { Repeat: { Response: null, Verification.LastFailure.MayPass: true } } =>
                false,
            SendVerification.Result.Repeated { Repeat: { Response: null, Verification: { LastFailure: null } } }
                or SendVerification.Result.Repeated { Repeat.Response: ModelTests.Accepted } =>
                operation.Mails == 0 && mailedFor.ContainsKey(operation.Key!),
            CloseVerification.Result.Repeated { Repeat: { KeyReused: false, Verification: var closed } } =>
                closed is { IsOpen: false },
            // A step of the timer throws if it takes too long.
            Exception =>
                (operation.HasFailedWrite || operation.Step is Step.Report { Stop: not null }) && operation.Mails == 0,
            _ => operation.Mails == 0,
        },
        $"the result is true: {result}");

    /// <summary>Checks the records after all operations have completed or timed out.</summary>
    public void TimedOut() =>
        Require(
            Records.All(one => one.State != VerificationState.Sending),
            $"no send is in progress for ever: {string.Join(", ", Records)}");

    /// <summary>
    /// Checks the lists and the report, long after all operations have completed, and after a run of the timer.
    /// </summary>
    public void Finished(IReadOnlyList<Verification> listed, Digest stale)
    {
        Require(
            listed.Select(VerificationJson.Write).ToHashSet().SetEquals(Records.Select(VerificationJson.Write)),
            $"everything recorded is listed");
        foreach (var one in listed.Where(one => one.IsOpen))
        {
            Require(
                one.Reported is not null && stale.Items.Any(item => item.Verification.Id == one.Id),
                $"an open verification is reported: {one}");
        }
    }

    private int Mails(Guid id) => mails.GetValueOrDefault(id);

    private void Require(bool holds, FormattableString promise)
    {
        if (!holds)
        {
            Violations.Add(FormattableString.Invariant(promise));
        }
    }
}
