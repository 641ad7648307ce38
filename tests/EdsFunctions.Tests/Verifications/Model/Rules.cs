namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// The rules once more, written from the design and not from the code: what a store should hold, and what each operation does to it. An
/// operation runs up to the next place where it could stop, so that operations can be interleaved as they are in the app.
/// </summary>
/// <param name="orphansById">Whether the store lists sends without an answer by id, and not by their time.</param>
internal sealed class Rules(bool orphansById)
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OrphanAfter = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan ExpireAfter = TimeSpan.FromDays(7);
    private static readonly TimeSpan Threshold = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromHours(4);
    private static readonly TimeSpan KeysKeptFor = TimeSpan.FromHours(48);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    private const int MaxAttempts = 3;

    private readonly List<Version> rows = [];
    private readonly Dictionary<int, Key> keys = [];

    /// <summary>Under which id each row was found in the store; filled in by whoever can look there.</summary>
    public List<Guid> Ids { get; } = [];

    /// <summary>The id of a row as it sorts.</summary>
    public string IdOf(int number) => Ids[number].ToString();

    public ModelTime Time { get; } = new();

    /// <summary>How many e-mails went out, by target.</summary>
    public int[] Mails { get; } = new int[Steps.Targets];

    /// <summary>The target to whose CEN each office network is attached.</summary>
    public int?[] Offices { get; } = new int?[Steps.Sites];

    public IEnumerable<Row> Rows => rows.Select(version => version.Row);

    /// <summary>What waits too long, as a run of the timer would leave it, and whether it is to be said now.</summary>
    public IEnumerable<(Row Row, TimeSpan Waiting, bool Due)> Stale() =>
        from version in StaleVersions(Time.Now)
        select (version.Row, Time.Now - version.Row.WaitingSince, IsDue(version.Row, Time.Now));

    public IEnumerable<PointKind> Send(Step.Send step, int operation, Action<Reply> answer)
    {
        Version sending;
        for (var isFirst = true; ; isFirst = false)
        {
            // Nothing is looked up before the first write: the store refuses a second open one, and a second request with a key.
            Version? open = null;
            if (!isFirst)
            {
                open = rows.Find(one => one.Row.Target == step.Target && one.Row.IsOpen);
                yield return PointKind.AfterRead;
                if (step.Key is { } name)
                {
                    var known = keys.GetValueOrDefault(name);
                    yield return PointKind.AfterRead;
                    if (known is not null)
                    {
                        answer(Repeat(known, step));
                        yield break;
                    }
                }
            }

            var now = Time.Now;
            if (open is not null && Refusal(open.Row, now) is { } refusal)
            {
                answer(refusal);
                yield break;
            }

            var next = open is null ? New(step, now) : Anew(open, step, now);
            yield return PointKind.BeforeWrite;
            var taken = step.Key is { } free && keys.ContainsKey(free);
            var written = taken ? null : open is null ? Insert(next) : Update(next);
            if (written is not null && step.Key is { } used)
            {
                keys[used] = new Key(step.Target, step.Note, written.Row.Number, written.Row.SendCount, now);
            }

            yield return PointKind.AfterWrite;
            if (written is not null)
            {
                sending = written;
                break;
            }
        }

        SendFailureKind? failure = SendFailureKind.NotSent;
        if (Ago(sending.Row.SendStartedAt, Time.Now) <= BeginWithin)
        {
            foreach (var point in Call(step.Weather, () => Mails[step.Target]++, outcome => failure = outcome))
            {
                yield return point;
            }
        }

        var current = sending;
        while (true)
        {
            var settled = Settle(current, sending.Row.SendCount, failure);
            if (settled is null)
            {
                settled = Settle(sending, sending.Row.SendCount, failure)!;
                answer(Sent(settled.Row));
                current = settled;
                break;
            }

            yield return PointKind.BeforeWrite;
            var written = Update(settled);
            yield return PointKind.AfterWrite;
            if (written is not null)
            {
                answer(Sent(written.Row));
                current = written;
                break;
            }

            current = rows[sending.Row.Number];
        }

        if (step.Key is { } kept)
        {
            var words = Reply.Words(operation, current.Row.State, current.Row.SendCount, current.Row.Failure);
            yield return PointKind.BeforeWrite;
            if (keys.GetValueOrDefault(kept) is { Answer: null } key)
            {
                keys[kept] = key with { Answer = words };
            }

            yield return PointKind.AfterWrite;
        }
    }

    /// <param name="number">Which row; null for one that never was.</param>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="answer">Gets the answer.</param>
    public IEnumerable<PointKind> Close(int? number, VerificationState state, Action<Reply> answer)
    {
        while (true)
        {
            if (number is null)
            {
                answer(new Reply("not found"));
                yield break;
            }

            var found = rows[number.Value];
            if (!found.Row.IsOpen)
            {
                answer(new Reply("already closed", number, found.Row.State));
                yield break;
            }

            if (IsBusy(found.Row))
            {
                answer(new Reply("in progress", number, found.Row.State));
                yield break;
            }

            yield return PointKind.BeforeWrite;
            var written = Update(found with { Row = found.Row with { State = state } });
            yield return PointKind.AfterWrite;
            if (written is not null)
            {
                answer(new Reply("closed", number, state));
                yield break;
            }
        }
    }

    /// <param name="step">What is asked for.</param>
    /// <param name="number">Which row; null for one that never was.</param>
    /// <param name="answer">Gets the answer.</param>
    public IEnumerable<PointKind> Check(Step.Check step, int? number, Action<Reply> answer)
    {
        Version? begun = null;
        foreach (var point in Begin(number, row => row with { Checks = row.Checks + 1 }, one => begun = one, answer))
        {
            yield return point;
        }

        if (begun is null)
        {
            yield break;
        }

        SendFailureKind? failure = null;
        foreach (var point in Call(step.Weather, () => { }, outcome => failure = outcome))
        {
            yield return point;
        }

        answer(new Reply(
            failure switch { null => "checked", SendFailureKind.Unknown => "nobody knows", _ => "not done" }, number, begun.Row.State));
    }

    /// <param name="step">What is asked for.</param>
    /// <param name="number">Which row; null for one that never was.</param>
    /// <param name="answer">Gets the answer.</param>
    public IEnumerable<PointKind> Attach(Step.Attach step, int? number, Action<Reply> answer)
    {
        bool? isAttached = null;
        // One that was lost is looked up first.
        if (number is { } known && rows[known] is { Row: { IsOpen: true, Attaching: { } lost } row } before && !IsAttachUnderWay(row, Time.Now))
        {
            foreach (var point in Look(step.ListDenied, row.Target, lost.Site, seen => isAttached = seen))
            {
                yield return point;
            }

            if (isAttached is null)
            {
                answer(new Reply("nobody knows", number, row.State));
                yield break;
            }

            var settled = before;
            foreach (var point in EndAttach(before, isAttached.Value, one => settled = one))
            {
                yield return point;
            }

            if (isAttached.Value || !settled.Row.IsOpen)
            {
                answer(Ended(settled.Row, lost.Site, isAttached.Value));
                yield break;
            }
        }

        Version? begun = null;
        foreach (var point in Begin(number, one => one with { Attaching = (step.Site, Time.Now) }, one => begun = one, answer))
        {
            yield return point;
        }

        if (begun is null)
        {
            yield break;
        }

        SendFailureKind? failure = SendFailureKind.NotSent;
        if (Time.Now - begun.Row.Attaching!.Value.StartedAt <= BeginWithin)
        {
            foreach (var point in Call(step.Weather, () => Offices[step.Site] = begun.Row.Target, outcome => failure = outcome))
            {
                yield return point;
            }
        }

        isAttached = failure is null;
        if (failure == SendFailureKind.Unknown)
        {
            foreach (var point in Look(step.ListDenied, begun.Row.Target, step.Site, seen => isAttached = seen))
            {
                yield return point;
            }
        }

        if (isAttached is null)
        {
            answer(new Reply("nobody knows", number, begun.Row.State));
            yield break;
        }

        var end = begun;
        foreach (var point in EndAttach(begun, isAttached.Value, one => end = one))
        {
            yield return point;
        }

        answer(Ended(end.Row, step.Site, isAttached.Value));
    }

    /// <param name="listDenied">Whether Alibaba refuses to list the office networks.</param>
    /// <param name="answer">Gets the answer.</param>
    public IEnumerable<PointKind> Report(bool listDenied, Action<Reply> answer)
    {
        var now = Time.Now;
        var orphans = rows.Where(one => one.Row.State == VerificationState.Sending && one.Row.SendStartedAt <= now - OrphanAfter);
        orphans = orphansById ? orphans.OrderBy(Id, StringComparer.Ordinal) : orphans.OrderBy(one => one.Row.SendStartedAt);
        foreach (var orphan in orphans.ToArray())
        {
            yield return PointKind.BeforeWrite;
            Update(GiveUp(orphan));
            yield return PointKind.AfterWrite;
        }

        foreach (var point in Reconcile(listDenied))
        {
            yield return point;
        }

        foreach (var old in Waiting(now - ExpireAfter).Where(one => IsExpired(one.Row, now)))
        {
            yield return PointKind.BeforeWrite;
            Update(old with { Row = old.Row with { State = VerificationState.Expired } });
            yield return PointKind.AfterWrite;
        }

        var later = Time.Now;
        foreach (var stale in StaleVersions(later).Where(one => IsDue(one.Row, later)).ToArray())
        {
            yield return PointKind.BeforeWrite;
            Update(stale with { Row = stale.Row with { Reported = new ReportMark((stale.Row.Reported?.Count ?? 0) + 1, later) } });
            yield return PointKind.AfterWrite;
        }

        yield return PointKind.BeforeWrite;
        foreach (var (name, key) in keys)
        {
            if (key.At < later - KeysKeptFor)
            {
                keys.Remove(name);
            }
        }

        yield return PointKind.AfterWrite;
        answer(new Reply("reported"));
    }

    /// <summary>One look at the office networks: what has one more than before is done.</summary>
    private IEnumerable<PointKind> Reconcile(bool listDenied)
    {
        if (!rows.Exists(one => one.Row.IsOpen))
        {
            yield break;
        }

        var lookedAt = Time.Now;
        yield return PointKind.BeforeCall;
        var offices = Offices.ToArray();
        yield return PointKind.AfterCall;
        if (listDenied)
        {
            yield break;
        }

        foreach (var open in rows.Where(one => one.Row.IsOpen).OrderBy(Id, StringComparer.Ordinal).ToArray())
        {
            var row = open.Row;
            var attached = Enumerable.Range(0, Steps.Sites).Where(site => offices[site] == row.Target).ToArray();
            var found = row.Attaching is { } attempt && attached.Contains(attempt.Site) ? attempt.Site
                : attached.Select(site => (int?)site).FirstOrDefault(site => row.Baseline?.Contains($"{site}", StringComparison.Ordinal) == false);
            var next = found is { } newcomer ? Attached(row, newcomer)
                : row.Baseline is null && row.CreatedAt <= lookedAt ? row with { Baseline = string.Concat(attached) }
                : row;
            if (next != row)
            {
                yield return PointKind.BeforeWrite;
                Update(open with { Row = next });
                yield return PointKind.AfterWrite;
            }
        }
    }

    /// <summary>What comes before a code is used: it is on record that it will be.</summary>
    private IEnumerable<PointKind> Begin(int? number, Func<Row, Row> begin, Action<Version> begun, Action<Reply> refused)
    {
        while (true)
        {
            if (number is null)
            {
                refused(new Reply("not found"));
                yield break;
            }

            var found = rows[number.Value];
            if (!found.Row.IsOpen || IsBusy(found.Row))
            {
                refused(new Reply(found.Row.IsOpen ? "in progress" : "already closed", number, found.Row.State));
                yield break;
            }

            var swept = IsOrphan(found.Row, Time.Now) ? GiveUp(found) : found;
            var next = swept with { Row = begin(swept.Row) };
            yield return PointKind.BeforeWrite;
            var written = Update(next);
            yield return PointKind.AfterWrite;
            if (written is not null)
            {
                begun(written);
                yield break;
            }
        }
    }

    /// <summary>Asks Alibaba whether an office network is attached.</summary>
    private IEnumerable<PointKind> Look(bool listDenied, int target, int site, Action<bool?> seen)
    {
        yield return PointKind.BeforeCall;
        var isAttached = Offices[site] == target;
        yield return PointKind.AfterCall;
        seen(listDenied ? null : isAttached);
    }

    /// <summary>Records what became of an attachment, as long as it is that one which stands on record.</summary>
    private IEnumerable<PointKind> EndAttach(Version begun, bool isAttached, Action<Version> end)
    {
        var attempt = begun.Row.Attaching!.Value;
        var current = begun;
        while (current.Row.IsOpen && current.Row.Attaching == attempt)
        {
            var next = current with { Row = isAttached ? Attached(current.Row, attempt.Site) : current.Row with { Attaching = null } };
            yield return PointKind.BeforeWrite;
            var written = Update(next);
            yield return PointKind.AfterWrite;
            if (written is not null)
            {
                current = written;
                break;
            }

            current = rows[begun.Row.Number];
        }

        end(current);
    }

    private static Row Attached(Row row, int site) => row with { State = VerificationState.Completed, Site = site, Attaching = null };

    private static Reply Ended(Row row, int site, bool isAttached) => new(
        row.IsOpen ? (isAttached ? "in progress" : "not done") : isAttached && row.Site == site ? "attached" : "already closed",
        row.Number,
        row.State);

    private bool IsBusy(Row row) =>
        (row.State == VerificationState.Sending && !IsOrphan(row, Time.Now)) || IsAttachUnderWay(row, Time.Now);

    private static bool IsAttachUnderWay(Row row, DateTimeOffset now) =>
        row.Attaching is { } attempt && Ago(attempt.StartedAt, now) < OrphanAfter;

    /// <summary>What is being attached is not given up, and not before a quarter of an hour.</summary>
    private static bool IsExpired(Row row, DateTimeOffset now) =>
        row.State != VerificationState.Sending && now - row.WaitingSince >= ExpireAfter
        && (row.Attaching is not { } attempt || now - attempt.StartedAt >= ClockTolerance);

    /// <summary>Up to three attempts, of which only one that surely reached nobody is followed by another.</summary>
    private IEnumerable<PointKind> Call(IReadOnlyList<Weather> weathers, Action work, Action<SendFailureKind?> end)
    {
        var budgetEnds = Time.Passed + Budget;
        for (var attempt = 0; ; attempt++)
        {
            var timeout = Time.Passed + Timeout;
            yield return PointKind.BeforeCall;
            var weather = attempt < weathers.Count ? weathers[attempt] : Weather.Fair;
            if (weather is Weather.Fair or Weather.CloseAfterWork or Weather.Malformed)
            {
                work();
            }

            if (weather == Weather.Hang)
            {
                // Whichever ends first, the attempt or the call: one that was held up leaves the next attempt less than its own time.
                Time.PassTo(timeout < budgetEnds ? timeout : budgetEnds);
            }
            else if (weather != Weather.Refused)
            {
                yield return PointKind.AfterCall;
            }

            end(weather switch
            {
                Weather.Fair => null,
                Weather.Throttle or Weather.ThrottleLong or Weather.Denied => SendFailureKind.Rejected,
                Weather.Refused => SendFailureKind.NotSent,
                _ => SendFailureKind.Unknown,
            });
            if (weather is not (Weather.Throttle or Weather.Refused) || attempt == MaxAttempts - 1)
            {
                yield break;
            }

            if (Time.Passed + StagedTime.RetryWait >= budgetEnds)
            {
                Time.PassTo(budgetEnds);
                yield break;
            }

            Time.PassTo(Time.Passed + StagedTime.RetryWait);
        }
    }

    private Reply Repeat(Key known, Step.Send step)
    {
        var row = rows[known.Row].Row;
        return known switch
        {
            _ when (known.Target, known.Note) != (step.Target, step.Note) => new Reply("key reused"),
            { Answer: { } text } => About("repeated", row) with { Text = text },
            _ when known.Send != row.SendCount => About("repeated", row with { Failure = SendFailureKind.Unknown }),
            _ when row.State != VerificationState.Sending => About("repeated", row),
            _ when IsOrphan(row, Time.Now) => About("repeated", GiveUp(rows[known.Row]).Row),
            _ => new Reply("in progress", row.Number, row.State),
        };
    }

    private static Reply? Refusal(Row open, DateTimeOffset now)
    {
        var orphan = IsOrphan(open, now);
        if ((open.State == VerificationState.Sending && !orphan) || IsAttachUnderWay(open, now))
        {
            return new Reply("in progress", open.Number, open.State);
        }

        var ago = Ago(orphan ? open.SendStartedAt : open.WaitingSince, now);
        return ago >= Cooldown
            ? null
            : new Reply("too soon", open.Number, open.State, RetryAfter: ago < TimeSpan.Zero ? Cooldown : Cooldown - ago);
    }

    private Version New(Step.Send step, DateTimeOffset now) => new(0, null, new Row
    {
        Number = rows.Count,
        Target = step.Target,
        State = VerificationState.Sending,
        CreatedAt = now,
        SendStartedAt = now,
        WaitingSince = now,
        SendCount = 1,
        Note = Note(step),
    });

    private static Version Anew(Version open, Step.Send step, DateTimeOffset now)
    {
        var before = IsOrphan(open.Row, now) ? GiveUp(open) : open;
        return before with
        {
            Before = before.Row,
            Row = before.Row with
            {
                State = VerificationState.Sending,
                SendStartedAt = now,
                SendCount = before.Row.SendCount + 1,
                Note = Note(step) ?? before.Row.Note,
                Failure = null,
            },
        };
    }

    /// <summary>Null where the answer comes too late to count.</summary>
    private static Version? Settle(Version current, int send, SendFailureKind? failure)
    {
        var row = current.Row;
        var awaited = row.State == VerificationState.Sending
            || row is { State: VerificationState.Unknown, Failure: SendFailureKind.Unknown };
        return row.SendCount != send || !awaited ? null : failure switch
        {
            null => current with
            {
                Row = row with { State = VerificationState.Pending, WaitingSince = row.SendStartedAt, Failure = null, Reported = null },
            },
            SendFailureKind.Unknown => GiveUp(current),
            // Nobody has a code from this send: the one before waits on, as long as it did.
            _ when current.Before is { } before => current with
            {
                Row = row with { State = before.State, WaitingSince = before.WaitingSince, Failure = failure },
            },
            _ => current with { Row = row with { State = VerificationState.Failed, Failure = failure } },
        };
    }

    private static Version GiveUp(Version current) => current with
    {
        Row = current.Row with
        {
            State = VerificationState.Unknown,
            WaitingSince = current.Row.SendStartedAt,
            Failure = SendFailureKind.Unknown,
            Reported = null,
        },
    };

    private static bool IsOrphan(Row row, DateTimeOffset now) =>
        row.State == VerificationState.Sending && Ago(row.SendStartedAt, now) >= OrphanAfter;

    private static TimeSpan Ago(DateTimeOffset then, DateTimeOffset now) =>
        then - now > ClockTolerance ? TimeSpan.MaxValue : now - then;

    private static bool IsDue(Row row, DateTimeOffset now) =>
        row.Reported is not { } mark || now - mark.At >= RepeatAfter * Math.Pow(2, mark.Count - 1);

    private IEnumerable<Version> StaleVersions(DateTimeOffset now) =>
        from version in Waiting(now - Threshold)
        let swept = IsOrphan(version.Row, now) ? GiveUp(version) : version
        where !IsExpired(swept.Row, now)
        where swept.Row.WaitingSince <= now - Threshold
        select swept;

    private Version[] Waiting(DateTimeOffset since) =>
        [.. rows.Where(one => one.Row.IsOpen && one.Row.WaitingSince <= since).OrderBy(Id, StringComparer.Ordinal)];

    private string Id(Version version) => IdOf(version.Row.Number);

    private Version? Insert(Version next)
    {
        // In between the number may have gone to another.
        next = next with { Number = 1, Row = next.Row with { Number = rows.Count } };
        if (rows.Exists(one => one.Row.Target == next.Row.Target && one.Row.IsOpen))
        {
            return null;
        }

        rows.Add(next);
        return next;
    }

    private Version? Update(Version next)
    {
        if (rows[next.Row.Number].Number != next.Number)
        {
            return null;
        }

        return rows[next.Row.Number] = next with { Number = next.Number + 1 };
    }

    private static string? Note(Step.Send step) => step.Note == 0 ? null : "another";

    private static Reply Sent(Row row) => About("sent", row);

    private static Reply About(string kind, Row row) => new(kind, row.Number, row.State, row.SendCount, row.Failure);

    /// <summary>A row as it was written, and where it stood before its latest send.</summary>
    private sealed record Version(int Number, Row? Before, Row Row);

    private sealed record Key(int Target, int Note, int Row, int Send, DateTimeOffset At, string? Answer = null);
}
