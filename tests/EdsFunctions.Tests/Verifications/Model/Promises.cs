namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// What holds whatever happens: at most one e-mail per request, nothing is lost, states only move forward. What is broken is collected,
/// since the app would catch an exception.
/// </summary>
internal sealed class Promises
{
    /// <summary>How long a key is kept, by a clock that may be behind.</summary>
    private static readonly TimeSpan KeysAreKept = TimeSpan.FromHours(48) - TimeSpan.FromMinutes(15);

    private readonly Dictionary<Guid, Verification> records = [];
    private readonly Dictionary<Guid, int> mails = [];
    private readonly Dictionary<Step.Send, DateTimeOffset> mailedFor = [];

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
            next.State != VerificationState.Failed || (next.SendCount == 1 && Mails(next.Id) == 0), $"what was e-mailed did not fail: {next}");
        Require(
            records.Values.Count(one => one.IsOpen && one.Target == next.Target) <= 1, $"one verification is open for a target: {next}");
        if (isSend)
        {
            Require(operation is { Step: Step.Send, Recorded: null }, $"a request records one send: {next}");
            operation.Recorded = (next.Id, next.SendStartedAt);
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

    /// <summary>The result of an operation says whether it sent an e-mail.</summary>
    public void Ended(Operation operation, object result) => Require(
        result switch
        {
            SendResult.Sent { Verification: var sent } => sent.Id == operation.Recorded?.Id && sent.LastFailure?.Kind switch
            {
                null => operation.Mails == 1,
                SendFailureKind.Unknown => true,
                _ => operation.Mails == 0,
            },
            Exception => false,
            _ => operation.Mails == 0,
        },
        $"the result is true: {result}");

    /// <summary>Everything has ended, or was abandoned and has timed out.</summary>
    public void TimedOut() =>
        Require(Records.All(one => one.State != VerificationState.Sending), $"no send is in progress for ever: {string.Join(", ", Records)}");

    /// <summary>Everything has ended, long ago, and the timer has run.</summary>
    public void Finished(IReadOnlyList<Verification> listed, StaleDigest stale)
    {
        Require(
            listed.Select(VerificationJson.Write).ToHashSet().SetEquals(Records.Select(VerificationJson.Write)), $"what was recorded is listed");
        foreach (var one in listed.Where(one => one.IsOpen))
        {
            Require(one.Reported is not null && stale.Items.Any(item => item.Verification.Id == one.Id), $"what waits is reported: {one}");
        }
    }

    private int Mails(Guid id) => mails.GetValueOrDefault(id);

    private void Require(bool holds, FormattableString promise)
    {
        if (!holds)
        {
            Broken.Add(FormattableString.Invariant(promise));
        }
    }
}
