namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>An operation in the app, and beside it the same one by the rules, which stops at the same place.</summary>
internal sealed class Course(Operation operation, Stop? stop)
{
    private readonly Points points = new(stop);
    private IEnumerator<PointKind> steps = null!;
    private Task<object> task = null!;
    private Reply? pending;

    public int Instance => operation.Instance;

    public int Mails => operation.Mails;

    public int Attachments => operation.Attachments;

    /// <summary>What the rules answer; null before the end.</summary>
    public Reply? Expected { get; private set; }

    public bool HasStopped => operation.IsStopped;

    public bool Dies => stop is { Dies: true };

    public void Begin(Func<Action<Reply>, IEnumerable<PointKind>> expected, Func<Task<object>> begin)
    {
        steps = expected(answer => pending = answer).GetEnumerator();
        GoOn();
        task = begin();
    }

    public void Resume(Stage stage)
    {
        GoOn();
        stage.Resume(operation, task);
    }

    /// <summary>What the app answered.</summary>
    public Reply Answer(Func<Guid, int> rowOf)
    {
        Reply About(string kind, Verification one) => new(kind, rowOf(one.Id), one.State, one.SendCount, one.LastFailure?.Kind);
        return task.IsFaulted ? new Reply($"failed: {task.Exception.InnerException}") : task.Result switch
        {
            SendResult.Sent { Verification: var sent } => About("sent", sent),
            SendResult.InProgress { Open: var open } => new Reply("in progress", rowOf(open.Id), open.State),
            SendResult.TooSoon { Open: var open, RetryAfter: var wait } =>
                new Reply("too soon", rowOf(open.Id), open.State, RetryAfter: wait),
            SendResult.Repeated { Verification: var repeated, Answer: var text } => About("repeated", repeated) with { Text = text },
            SendResult.KeyReused => new Reply("key reused"),
            CloseResult.Closed { Verification: var closed } => new Reply("closed", rowOf(closed.Id), closed.State),
            CloseResult.AlreadyClosed { Verification: var closed } => new Reply("already closed", rowOf(closed.Id), closed.State),
            CloseResult.InProgress { Verification: var open } => new Reply("in progress", rowOf(open.Id), open.State),
            CloseResult.NotFound or AttachResult.NotFound => new Reply("not found"),
            AttachResult.Checked { Verification: var open } => new Reply("checked", rowOf(open.Id), open.State),
            AttachResult.Attached { Verification: var closed } => new Reply("attached", rowOf(closed.Id), closed.State),
            AttachResult.NotDone { Verification: var open } => new Reply("not done", rowOf(open.Id), open.State),
            AttachResult.Unknown { Verification: var open } => new Reply("nobody knows", rowOf(open.Id), open.State),
            AttachResult.AlreadyClosed { Verification: var closed } => new Reply("already closed", rowOf(closed.Id), closed.State),
            AttachResult.InProgress { Verification: var open } => new Reply("in progress", rowOf(open.Id), open.State),
            _ => new Reply("reported"),
        };
    }

    private void GoOn()
    {
        while (steps.MoveNext())
        {
            if (points.StopsAt(steps.Current))
            {
                return;
            }
        }

        Expected = pending;
    }
}
