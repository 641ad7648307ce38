namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>
/// The life of one process: it crashes at the chosen point before or after a call, and does nothing more after.
/// </summary>
internal sealed class Lifeline(int crashesAt = int.MaxValue)
{
    private int passed;

    public bool IsDead { get; private set; }

    /// <summary>Runs a round for each point: the process crashes there, until in the last round it survives.</summary>
    public static async Task CrashAtEachPointAsync(Func<Lifeline, Task> round)
    {
        for (var point = 0; ; point++)
        {
            var life = new Lifeline(point);
            await round(life);
            if (!life.IsDead)
            {
                Assert.True(point > 3, "There are hardly any points: the test does not look where it should.");
                return;
            }
        }
    }

    /// <summary>A call, with a point before and after it.</summary>
    public async Task AroundAsync(string name, Func<Task> call)
    {
        Point();
        await call();
        Point();
    }

    private void Point()
    {
        if (IsDead || passed == crashesAt)
        {
            IsDead = true;
            throw new CrashException();
        }

        passed++;
    }
}

/// <summary>Stands for the crash of a process: nothing behind it happens.</summary>
internal sealed class CrashException() : Exception("The process crashed here.");
