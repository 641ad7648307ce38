namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One sequence of steps, in the real thing and in the rules at once, compared after each.</summary>
internal sealed class Sequence
{
    private static readonly VerificationState[] OpenStates =
        [VerificationState.Sending, VerificationState.Pending, VerificationState.Unknown];

    private readonly World world;
    private readonly Rules rules;
    private readonly List<object> story = [];
    private readonly List<Course> standing = [];
    private int number;

    private Sequence(World world)
    {
        this.world = world;
        rules = new Rules(world.OrphansById);
    }

    /// <summary>Answers that were given.</summary>
    public HashSet<string> Replies { get; } = [];

    /// <summary>Runs the steps, then lets what stands still go on, and the timer clean up.</summary>
    /// <returns>The story up to the step after which something was not as it should be; null where all was.</returns>
    public static string? Run(World world, IEnumerable<Step> steps, HashSet<string>? replies = null)
    {
        world.Clear();
        var sequence = new Sequence(world);
        try
        {
            sequence.Check();
            foreach (var step in steps)
            {
                sequence.Take(step);
            }

            while (sequence.standing.Count > 0)
            {
                sequence.Take(new Step.Resume(0));
            }

            sequence.Take(new Step.Wait(TimeSpan.FromMinutes(20)));
            sequence.Take(new Step.Report(0, null));
            sequence.NothingIsLeftSending();
            sequence.NothingNewIsLeftOpen();
            replies?.UnionWith(sequence.Replies);
            return null;
        }
        catch (Exception e)
        {
            return $"{Lines(sequence.story)}\n  → {(e is DifferenceException ? e.Message : e)}";
        }
    }

    private void Take(Step step)
    {
        number++;
        Tell($"{number,3}. {step}");
        if (step is Step.Send or Step.Resume)
        {
            // No two verifications are of one millisecond: their order would be that of the random part of their ids.
            Pass(TimeSpan.FromMilliseconds(1));
        }

        switch (step)
        {
            case Step.Send send:
                var sending = new Operation(send.Instance, send.Stop, send.Weather);
                Begin(send.Stop, sending, answer => rules.Send(send, number, answer), () => world.Begin(sending, send, number));
                break;
            case Step.Close close:
                var closed = RowAt(close.Which);
                var closing = new Operation(close.Instance, close.Stop);
                Begin(
                    close.Stop, closing, answer => rules.Close(closed, close.State, answer), () => world.Begin(closing, close, IdOf(closed)));
                break;
            case Step.Check check:
                var inspected = RowAt(check.Which);
                var checking = new Operation(check.Instance, check.Stop, check.Weather);
                Begin(check.Stop, checking, answer => rules.Check(check, inspected, answer), () => world.Begin(checking, check, IdOf(inspected)));
                break;
            case Step.Attach attach:
                var attached = RowAt(attach.Which);
                var attaching = new Operation(attach.Instance, attach.Stop, attach.Weather, attach.ListDenied);
                Begin(attach.Stop, attaching, answer => rules.Attach(attach, attached, answer), () => world.Begin(attaching, attach, IdOf(attached)));
                break;
            case Step.Console console:
                world.Change(console);
                rules.Offices[console.Site] = console.Target;
                break;
            case Step.Report report:
                var reporting = new Operation(report.Instance, report.Stop, listDenied: report.ListDenied);
                Begin(report.Stop, reporting, answer => rules.Report(report.ListDenied, answer), () => world.BeginReport(reporting));
                break;
            case Step.Wait wait:
                Pass(wait.Time);
                break;
            case Step.SetBack back:
                world.Stage.Clock.SetBack(back.Time);
                rules.Time.SetBack(back.Time);
                break;
            case Step.Resume resume when standing.Count > 0:
                var course = standing[resume.Which % standing.Count];
                course.Resume(world.Stage);
                AfterMove(course);
                break;
        }

        Check();
    }

    /// <summary>One of those on record, counted back from the latest, and around; null where there is none.</summary>
    private int? RowAt(int which) => rules.Ids.Count == 0 ? null : rules.Ids.Count - 1 - (which % rules.Ids.Count);

    private Guid IdOf(int? row) => row is { } number ? rules.Ids[number] : Guid.Empty;

    private void Pass(TimeSpan time)
    {
        world.Stage.Clock.PassTo(world.Stage.Clock.Passed + time);
        rules.Time.PassTo(rules.Time.Passed + time);
    }

    private void Begin(Stop? stop, Operation operation, Func<Action<Reply>, IEnumerable<PointKind>> expected, Func<Task<object>> begin)
    {
        var course = new Course(operation, stop);
        course.Begin(expected, begin);
        standing.Add(course);
        AfterMove(course);
    }

    /// <summary>The operation has ended, or stands still, or its process died, and all that it had under way with it.</summary>
    private void AfterMove(Course course)
    {
        FindNew();
        if (course.HasStopped)
        {
            if (course.Dies)
            {
                Tell($"     … instance {course.Instance} died");
                standing.RemoveAll(one => one.Instance == course.Instance);
            }

            Expect(course.Expected, null, $"the answer, which should not have come yet");
        }
        else
        {
            standing.Remove(course);
            var reply = course.Answer(RowOf);
            Tell($"     … {reply}");
            Expect(course.Expected ?? new Reply(Reply.Stopped), reply, $"the answer");
            Replies.Add(reply.Kind);
        }

        Expect(true, course.Mails <= 1, $"that one request sends at most one e-mail");
        Expect(true, course.Attachments <= 1, $"that one request attaches at most once");
    }

    /// <summary>Finds what was recorded by this step, so that it can be named.</summary>
    private void FindNew()
    {
        foreach (var row in rules.Rows.Skip(rules.Ids.Count).ToArray())
        {
            var found = world.List(0).Where(one =>
                !rules.Ids.Contains(one.Id) && World.TargetOf(one) == row.Target && one.CreatedAt == row.CreatedAt).ToArray();
            Expect(1, found.Length, $"how many records there are of {row}");
            rules.Ids.Add(found[0].Id);
        }
    }

    /// <summary>-1 for one that should not be there.</summary>
    private int RowOf(Guid id) => rules.Ids.IndexOf(id);

    private void Check()
    {
        var (one, other) = (number % Steps.Instances, (number + 1) % Steps.Instances);
        var listed = world.List(one);
        var rows = listed.Select(RowFor).ToArray();
        Expect(rules.Time.Now, world.Stage.Clock.Now, $"the time");
        ExpectAll(rules.Rows.OrderBy(row => rules.IdOf(row.Number), StringComparer.Ordinal), rows, "the list of all");
        ExpectAll(rows.Where(row => row.IsOpen), world.List(other, OpenStates).Select(RowFor), "the list of the open ones");
        ExpectAll(
            rules.Stale(),
            world.Preview(other).Items.Select(item => (RowFor(item.Verification), item.Waiting, item.Due)),
            "what waits too long");
        Promises(rows);
    }

    /// <summary>What holds whatever the rules say.</summary>
    private void Promises(Row[] listed)
    {
        ExpectAll([], world.Stage.ForbiddenArrows, "changes of state that must not be");
        for (var target = 0; target < Steps.Targets; target++)
        {
            var own = listed.Where(row => row.Target == target).ToArray();
            Expect(rules.Mails[target], world.Mails(target), $"e-mails to {target}");
            Expect(true, world.Mails(target) <= own.Sum(one => one.SendCount), $"that every e-mail to {target} was recorded before");
            Expect(true, own.Count(one => one.IsOpen) <= 1, $"that at most one verification of {target} is open");
        }
    }

    private void NothingIsLeftSending() =>
        ExpectAll([], world.List(0, VerificationState.Sending).Select(RowFor), "what is still being sent, long after");

    /// <summary>After a run: what is attached to a CEN was so before, or its verification is closed.</summary>
    private void NothingNewIsLeftOpen()
    {
        foreach (var row in world.List(0, OpenStates).Select(RowFor))
        {
            ExpectAll([], world.OfficesOf(row.Target).Where(site => row.Baseline?.Contains((char)('0' + site)) != true), $"what is new for {row}");
        }
    }

    private Row RowFor(Verification verification) => new()
    {
        Number = RowOf(verification.Id),
        Target = World.TargetOf(verification),
        State = verification.State,
        CreatedAt = verification.CreatedAt,
        SendStartedAt = verification.SendStartedAt,
        WaitingSince = verification.WaitingSince,
        SendCount = verification.SendCount,
        Note = verification.Note,
        Failure = verification.LastFailure?.Kind,
        Reported = verification.Reported,
        Attaching = verification.Attaching is { } attempt ? (StagedAlibaba.NumberOf(attempt.OfficeSiteId), attempt.StartedAt) : null,
        Checks = verification.Checks,
        Baseline = verification.Baseline is { } baseline ? string.Concat(baseline.Select(StagedAlibaba.NumberOf)) : null,
        Site = verification.OfficeSiteId is { } site ? StagedAlibaba.NumberOf(site) : null,
    };

    private void Tell(FormattableString happened) => story.Add(happened);

    private static string Lines<T>(IEnumerable<T> items) => string.Join("\n", items);

    private static void ExpectAll<T>(IEnumerable<T> expected, IEnumerable<T> actual, string what)
    {
        var (should, does) = (expected.ToArray(), actual.ToArray());
        if (!should.SequenceEqual(does))
        {
            throw new DifferenceException($"{what}\nexpected:\n{Lines(should)}\nactual:\n{Lines(does)}");
        }
    }

    private static void Expect<T>(T expected, T actual, FormattableString what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new DifferenceException(string.Create(
                CultureInfo.InvariantCulture, $"{what}\nexpected: {expected}\nactual:   {actual}"));
        }
    }
}
