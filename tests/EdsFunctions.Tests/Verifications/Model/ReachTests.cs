namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A test of the test: it gets everywhere, the same seed is the same run, and a counterexample is shrunk.</summary>
public sealed class ReachTests
{
    private static readonly Step Report = new Step.Report(0, null);
    private static readonly Step Resume = new Step.Resume(0);

    [Fact]
    public async Task A_handful_of_sequences_goes_along_every_arrow_and_gets_every_answer()
    {
        Step[][] sequences =
        [
            [Close(VerificationState.Completed), Send(key: 0), Send(key: 0), Send(key: 0, note: 1), Send(), Close(VerificationState.Completed), Close(VerificationState.Cancelled)],
            [Send(Weather.Denied), Send(Weather.Hang), Wait(1), Send(Weather.Denied), Send(), Wait(30), Report, Wait(1), Send(), Close(VerificationState.Cancelled)],
            [Send(Weather.Unavailable), Wait(30), Report, Close(VerificationState.Completed), Send(Weather.Malformed), Close(VerificationState.Cancelled)],
            [Send(), Wait(8 * 24 * 60), Report, Send(Weather.Hang), Wait(8 * 24 * 60), Report],
            [Send(At(PointKind.AfterCall)), Send(), Close(VerificationState.Cancelled), Wait(2), Report, Resume],
            [Send(At(PointKind.BeforeCall), Weather.Denied), Wait(2), Report, Resume],
            [Send(Dies(PointKind.AfterCall)), Wait(2), Send(), Close(VerificationState.Completed)],
            [Send(Dies(PointKind.BeforeCall)), Wait(2), Close(VerificationState.Completed)],
            [Send(Dies(PointKind.BeforeCall)), Wait(2), Close(VerificationState.Cancelled)],
            [Send(), Wait(31), Send(At(PointKind.AfterCall)), Report, Resume],
            [Send(), Check(), Check(Weather.Denied), Check(Weather.Unavailable), Attach()],
            [Send(At(PointKind.AfterCall)), Report, new Step.Console(1, 0), Report, Resume],
            // Held up for so long that another one began in its place.
            [Send(), Attach(0, At(PointKind.BeforeCall)), Wait(2), Attach(1, new Stop(PointKind.AfterCall, 2, Dies: false)), Resume, Resume],
        ];

        var (failures, arrows, replies) = await ModelRun.OnOwnThreadAsync(() =>
        {
            using var world = new World(new SqliteInMemory());
            var replies = new HashSet<string>();
            return (sequences.Select(steps => Sequence.Run(world, steps, replies)).OfType<string>().ToArray(), world.Stage.Arrows, replies);
        });

        Assert.Empty(failures);
        Assert.Equal(
            [
                "cancelled < pending sending unknown", "completed < pending sending unknown", "expired < pending unknown",
                "failed < sending unknown", "pending < pending sending unknown", "sending < new pending sending unknown",
                "unknown < sending unknown",
            ],
            arrows.GroupBy(arrow => arrow.To.Name(), arrow => arrow.From?.Name() ?? "new")
                .Select(to => $"{to.Key} < {string.Join(' ', to.Distinct().Order(StringComparer.Ordinal))}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "already closed", "attached", "checked", "closed", "in progress", "key reused", "nobody knows", "not done", "not found",
                "repeated", "reported", "sent", "too soon",
            ],
            replies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_seed_is_always_the_same_run()
    {
        Assert.Equal(Words(Steps.Generate(7, 42)), Words(Steps.Generate(7, 42)));
        Assert.NotEqual(Words(Steps.Generate(7, 42)), Words(Steps.Generate(8, 42)));
        Assert.NotEqual(Words(Steps.Generate(7, 42)), Words(Steps.Generate(7, 43)));
    }

    [Fact]
    public void A_sequence_that_fails_is_shrunk_to_what_it_fails_by()
    {
        Step[] steps = [Wait(1), Send(At(PointKind.AfterCall), Weather.Hang), Wait(2), Report, Wait(3), Close(VerificationState.Completed)];

        var (shrunk, story) = Shrinking.Shrink(
            steps, candidate => candidate.Any(step => step is Step.Send { Weather.Count: 1 }) && candidate.Contains(Report) ? "bad" : null);

        Assert.Equal(Words([Send(Weather.Hang), Report]), Words(shrunk));
        Assert.Equal("bad", story);
    }

    private static Step.Send Send(params Weather[] weather) => Send(null, weather);

    private static Step.Send Send(Stop? stop, params Weather[] weather) => new Step.Send(0, 0, 0, null, weather, stop);

    private static Step.Send Send(int key, int note = 0) => new Step.Send(0, 0, note, key, [], null);

    private static Step.Check Check(params Weather[] weather) => new Step.Check(0, 0, weather, null);

    private static Step.Attach Attach(int site = 0, Stop? stop = null) => new Step.Attach(0, 0, site, [], ListDenied: false, stop);

    private static Step.Close Close(VerificationState state) => new Step.Close(0, 0, state, null);

    private static Step.Wait Wait(int minutes) => new Step.Wait(TimeSpan.FromMinutes(minutes));

    private static Stop At(PointKind kind) => new(kind, 1, Dies: false);

    private static Stop Dies(PointKind kind) => new(kind, 1, Dies: true);

    private static string Words(IEnumerable<Step> steps) => string.Join('\n', steps);
}
