namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>Simulates a process that crashes before or after a call, and makes no calls from then on.</summary>
internal sealed class CrashingProcess(int crashAt = int.MaxValue)
{
    private int passed;

    public bool HasCrashed { get; private set; }

    /// <summary>
    /// Runs a round with a crash at each point. Ends when a round has fewer points, so that its process does not crash.
    /// </summary>
    public static async Task CrashAtEachPointAsync(Func<CrashingProcess, Task> round)
    {
        for (var point = 0; ; point++)
        {
            var process = new CrashingProcess(point);
            await round(process);
            if (!process.HasCrashed)
            {
                Assert.True(point > 3, "There are too few points: the hook is not where the calls are.");
                return;
            }
        }
    }

    /// <summary>Makes a call. The process may crash before and after the call.</summary>
    public async Task AroundAsync(string name, Func<Task> call)
    {
        Point();
        await call();
        Point();
    }

    private void Point()
    {
        if (HasCrashed || passed == crashAt)
        {
            HasCrashed = true;
            throw new CrashException();
        }

        passed++;
    }
}

/// <summary>Simulates the crash of a process.</summary>
internal sealed class CrashException() : Exception("The process crashed here.");
