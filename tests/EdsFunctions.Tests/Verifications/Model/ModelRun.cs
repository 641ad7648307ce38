namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Many sequences of one seed, on one thread of its own: no other test and no other load has a say in what happens, only in how long
/// it takes.
/// </summary>
internal static class ModelRun
{
    /// <summary>Ends with a failure that says everything where one sequence is not as it should be.</summary>
    /// <param name="open">Opens the store.</param>
    /// <param name="sequences">How many.</param>
    public static async Task RunAsync(Func<SharedStore> open, int sequences)
    {
        var seed = Setting("EDS_MODEL_SEED") ?? (ulong)Random.Shared.NextInt64();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"EDS_MODEL_SEED={seed}, {sequences} sequences"));
        var cancelled = TestContext.Current.CancellationToken;
        var failure = await OnOwnThreadAsync(() =>
        {
            using var world = new World(open());
            for (var number = 0U; number < sequences; number++)
            {
                cancelled.ThrowIfCancellationRequested();
                var steps = Steps.Generate(number, seed);
                if (Sequence.Run(world, steps) is not null)
                {
                    var (shrunk, story) = Shrinking.Shrink(steps, candidate => Sequence.Run(world, candidate));
                    return string.Create(CultureInfo.InvariantCulture, $"""
                        Sequence {number} of EDS_MODEL_SEED={seed} is not as it should be. Shrunk from {steps.Length} to {shrunk.Count} steps, and what cleans up after them:
                        {story}
                        """);
                }
            }

            return null;
        });
        Assert.True(failure is null, failure);
    }

    /// <summary>A number of the environment, or null.</summary>
    public static ulong? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Everything the app awaits goes on where it ended, which is here: this thread belongs to no pool and no context.</summary>
    public static Task<T> OnOwnThreadAsync<T>(Func<T> run)
    {
        var end = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                end.SetResult(run());
            }
            catch (Exception e)
            {
                end.SetException(e);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return end.Task;
    }
}
