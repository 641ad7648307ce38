namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Makes a sequence that fails as short and as plain as it can be while it still fails.</summary>
internal static class Shrinking
{
    /// <param name="steps">Steps that fail.</param>
    /// <param name="run">Runs a sequence; null where it does not fail, or why it does.</param>
    public static (IReadOnlyList<Step> Steps, string Story) Shrink(IReadOnlyList<Step> steps, Func<IReadOnlyList<Step>, string?> run)
    {
        var story = run(steps) ?? throw new InvalidOperationException("The same steps failed before, and now they do not.");
        while (true)
        {
            var smaller = Smaller(steps)
                .Select(candidate => (Steps: candidate, Story: run(candidate)))
                .FirstOrDefault(candidate => candidate.Story is not null);
            if (smaller.Story is null)
            {
                return (steps, story);
            }

            (steps, story) = (smaller.Steps, smaller.Story);
        }
    }

    private static IEnumerable<IReadOnlyList<Step>> Smaller(IReadOnlyList<Step> steps)
    {
        for (var length = steps.Count / 2; length > 0; length /= 2)
        {
            for (var start = 0; start + length <= steps.Count; start++)
            {
                yield return [.. steps.Take(start), .. steps.Skip(start + length)];
            }
        }

        for (var index = 0; index < steps.Count; index++)
        {
            foreach (var plainer in Plainer(steps[index]))
            {
                yield return [.. steps.Take(index), plainer, .. steps.Skip(index + 1)];
            }
        }
    }

    /// <summary>Each of these has less in it than the step, so that shrinking ends.</summary>
    private static IEnumerable<Step> Plainer(Step step)
    {
        switch (step)
        {
            case Step.Send send:
                return new[]
                {
                    send with { Stop = null },
                    send with { Weather = [.. send.Weather.Take(send.Weather.Count - 1)] },
                    send with { Key = null },
                    send with { Note = 0 },
                    send with { Target = 0 },
                    send with { Instance = 0 },
                }.Where(plainer => plainer.ToString() != send.ToString());
            case Step.Close close:
                return new[] { close with { Stop = null }, close with { Which = 0 }, close with { Instance = 0 } }
                    .Where(plainer => plainer != close);
            case Step.Check check:
                return new[]
                {
                    check with { Stop = null },
                    check with { Weather = [.. check.Weather.Take(check.Weather.Count - 1)] },
                    check with { Which = 0 },
                    check with { Instance = 0 },
                }.Where(plainer => plainer.ToString() != check.ToString());
            case Step.Attach attach:
                return new[]
                {
                    attach with { Stop = null },
                    attach with { Weather = [.. attach.Weather.Take(attach.Weather.Count - 1)] },
                    attach with { ListDenied = false },
                    attach with { Which = 0 },
                    attach with { Site = 0 },
                    attach with { Instance = 0 },
                }.Where(plainer => plainer.ToString() != attach.ToString());
            case Step.Report report:
                return new[] { report with { Stop = null }, report with { ListDenied = false }, report with { Instance = 0 } }
                    .Where(plainer => plainer != report);
            case Step.Resume resume:
                return new[] { resume with { Which = 0 } }.Where(plainer => plainer != resume);
            default:
                return [];
        }
    }
}
