namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// What holds whatever happens: at most one e-mail per request, nothing is lost, states only move forward. What is broken is collected,
/// since the app would catch an exception.
/// </summary>
internal sealed class Promises(Stage stage)
{
    private static readonly TimeSpan ExpireAfter = TimeSpan.FromDays(7);

    /// <summary>How long a key is kept, by a clock that may be behind.</summary>
    private static readonly TimeSpan KeysAreKept = TimeSpan.FromHours(48) - TimeSpan.FromMinutes(15);

    private readonly Dictionary<Guid, Verification> records = [];
    private readonly Dictionary<Guid, int> mails = [];
    private readonly Dictionary<Step.Send, TimeSpan> mailedFor = [];
    // All that a key ever named: a repeat that stands still may have read the key before it was forgotten and used again.
    private readonly HashSet<(int Key, Guid Id)> keys = [];

    /// <summary>The promises that were broken.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>The verifications that were recorded, oldest first.</summary>
    public IReadOnlyList<Verification> Records => [.. records.Values];

    /// <summary>The store says that it has written a verification.</summary>
    public void Written(Operation operation, Verification next)
    {
        var before = records.GetValueOrDefault(next.Id);
        var isSend = next.State == VerificationState.Sending && next.SendCount == (before?.SendCount ?? 0) + 1;
        records[next.Id] = next;
        Require(before is null ? isSend : before.IsOpen, $"a verification begins with a send, and changes only while it is open: {next}");
        Require(isSend || next.SendCount == before?.SendCount, $"a send is recorded by itself: {next}");
        Require(
            isSend || next.State != VerificationState.Sending || before?.State == VerificationState.Sending, $"no state goes back to sending: {next}");
        Require(
            (before?.State, next.State) is not (VerificationState.Pending, VerificationState.Unknown), $"what is accepted stays accepted: {next}");
        Require(
            records.Values.Count(one => one.IsOpen && one.Target == next.Target) <= 1, $"one verification is open for a target: {next}");
        Require(
            next.State switch
            {
                VerificationState.Completed => operation.Step is Step.Close or Step.Attach or Step.Report,
                VerificationState.Cancelled => operation.Step is Step.Close,
                VerificationState.Failed => next.SendCount == 1 && Mails(next.Id) == 0,
                VerificationState.Expired => operation.Step is Step.Report
                    && stage.Passed - (next.WaitingSince - VerificationBuilder.Noon) >= ExpireAfter,
                _ => true,
            },
            $"it is closed for a reason: {next}");
        if (isSend)
        {
            Require(operation is { Step: Step.Send, Recorded: null }, $"a request records one send: {next}");
            operation.Recorded = (next.Id, stage.Passed);
            if (operation.Step is Step.Send { Key: { } key })
            {
                keys.Add((key, next.Id));
            }
        }
    }

    /// <summary>An e-mail went out.</summary>
    public void Mailed(Operation operation)
    {
        operation.Mails++;
        Require(operation.Mails == 1, $"a request sends one e-mail at most");
        Require(operation.Recorded is not null, $"an e-mail is recorded before it is sent");
        if (operation is { Recorded: var (id, at), Step: Step.Send send })
        {
            mails[id] = Mails(id) + 1;
            Require(mails[id] <= records[id].SendCount, $"each e-mail is recorded: {records[id]}");
            if (send.Key is not null)
            {
                // A repeat is the same request, whatever happens to it on the way.
                var request = send with { First = AlibabaReply.Accept, Second = AlibabaReply.Accept, Stop = null };
                Require(
                    !mailedFor.TryGetValue(request, out var before) || (at - before).Duration() > KeysAreKept,
                    $"requests with one key send one e-mail");
                mailedFor[request] = at;
            }
        }
    }

    /// <summary>A CEN was attached.</summary>
    public void Attached(Operation operation) => Require(++operation.Attachments == 1, $"a request attaches once at most");

    /// <summary>The result of an operation says what happened.</summary>
    public void Ended(Operation operation, object result)
    {
        Require(
            result switch
            {
                SendResult.Sent { Verification: var sent } => sent.Id == operation.Recorded?.Id && sent.LastFailure?.Kind switch
                {
                    null => operation.Mails == 1,
                    SendFailureKind.Unknown => true,
                    _ => operation.Mails == 0,
                },
                SendResult.Repeated { Verification: var repeated } =>
                    operation is { Mails: 0, Step: Step.Send { Key: { } key } } && keys.Contains((key, repeated.Id)),
                SendResult.KeyReused => operation is { Mails: 0, Step: Step.Send { Key: not null } },
                SendResult => operation.Mails == 0,
                CloseResult.Closed { Verification: var closed } =>
                    records[closed.Id].State == closed.State && operation.Step is Step.Close close && close.State == closed.State,
                CloseResult.AlreadyClosed { Verification: var closed } => !records[closed.Id].IsOpen,
                AttachResult.Attached { Verification: var attached } => records[attached.Id].State == VerificationState.Completed,
                AttachResult.AlreadyClosed { Verification: var closed } => !records[closed.Id].IsOpen,
                Exception => false,
                _ => true,
            },
            $"the result is true: {result}");
    }

    /// <summary>Everything has ended, long ago, and the timer has run.</summary>
    public void Finished(IReadOnlyList<Verification> listed, StaleDigest stale)
    {
        Require(listed.Select(one => one.Id).ToHashSet().SetEquals(records.Keys), $"what was recorded is listed");
        foreach (var one in listed.Where(one => records.ContainsKey(one.Id)))
        {
            Require(VerificationJson.Write(one) == VerificationJson.Write(records[one.Id]), $"it is listed as it was written: {one}");
            Require(one.State != VerificationState.Sending, $"no send is in progress for ever: {one}");
            if (one.IsOpen)
            {
                Require(
                    one.Reported is not null && stale.Items.Any(item => item.Verification.Id == one.Id), $"what waits is reported: {one}");
                Require(
                    OfficesOf(one).All(office => one.Baseline?.Contains(office) == true && one.Attaching?.OfficeSiteId != office),
                    $"what is attached is completed: {one}");
            }
        }
    }

    private IEnumerable<string> OfficesOf(Verification verification) =>
        Enumerable.Range(0, Step.Sites).Where(site => stage.Offices[site] == verification.Target.CenId).Select(StagedAlibaba.OfficeOf);

    private int Mails(Guid id) => mails.GetValueOrDefault(id);

    private void Require(bool holds, FormattableString promise)
    {
        if (!holds)
        {
            Broken.Add(FormattableString.Invariant(promise));
        }
    }
}
