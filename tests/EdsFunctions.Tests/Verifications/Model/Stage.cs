namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// One operation at a time is on stage, all on one thread: it runs until it ends, stops, or waits, and where it waits, its next timer
/// goes off. So a sequence has one outcome, however busy the machine is.
/// </summary>
internal sealed class Stage
{
    /// <summary>No operation comes near it, and one that waits for something unknown does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, Verification> written = [];

    public ModelTime Clock { get; private set; } = new();

    public Operation Current { get; private set; } = new(0, null);

    /// <summary>E-mails that went out, by CEN.</summary>
    public Dictionary<string, int> Mails { get; } = [];

    /// <summary>The CEN that each office network is attached to; null for none.</summary>
    public string?[] Offices { get; } = new string?[Steps.Sites];

    /// <summary>Changes of state that the design does not know.</summary>
    public List<string> ForbiddenArrows { get; } = [];

    /// <summary>Changes of state that came about.</summary>
    public HashSet<Arrow> Arrows { get; } = [];

    /// <summary>Everything as in the beginning.</summary>
    public void Clear()
    {
        written.Clear();
        Mails.Clear();
        Array.Clear(Offices);
        ForbiddenArrows.Clear();
        Clock = new ModelTime();
    }

    /// <summary>Begins an operation and runs it as far as it goes.</summary>
    public Task<T> Begin<T>(Operation operation, Func<Task<T>> begin)
    {
        Current = operation;
        var task = begin();
        Drive(operation, task);
        return task;
    }

    /// <summary>Lets an operation that stands still go on.</summary>
    public void Resume(Operation operation, Task task)
    {
        Current = operation;
        operation.Resume();
        Drive(operation, task);
    }

    public void Mailed(string cenId)
    {
        Mails[cenId] = Mails.GetValueOrDefault(cenId) + 1;
        Current.Mails++;
    }

    public void Attached(int site, string cenId)
    {
        Offices[site] = cenId;
        Current.Attachments++;
    }

    /// <summary>The store has written a verification.</summary>
    public void Written(Verification verification)
    {
        var before = written.GetValueOrDefault(verification.Id);
        var arrow = new Arrow(
            before?.State,
            verification.State,
            verification.SendCount > 1,
            before is { Baseline: null } && verification.Baseline is not null);
        written[verification.Id] = verification;
        Arrows.Add(arrow);
        if (!arrow.IsAllowed)
        {
            ForbiddenArrows.Add($"{arrow} of {verification.Id}");
        }
    }

    private void Drive(Operation operation, Task task)
    {
        while (true)
        {
            // Almost always true at once: only a wait that is cancelled goes on elsewhere, on a thread of the pool.
            Until(() => task.IsCompleted || operation.IsStopped || operation.Timers.Count > 0);
            if (task.IsCompleted || operation.IsStopped)
            {
                return;
            }

            var next = operation.Timers.MinBy(timer => timer.Due)!;
            var made = operation.TimersMade;
            Clock.PassTo(next.Due);
            next.GoOff();
            Until(() => task.IsCompleted || operation.IsStopped || operation.TimersMade != made);
        }
    }

    private static void Until(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
        {
            throw new InvalidOperationException("The operation has not ended, and waits for nothing that is on stage.");
        }
    }
}
