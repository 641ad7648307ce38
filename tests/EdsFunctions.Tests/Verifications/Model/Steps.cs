using CsCheck;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Random sequences: few targets and keys, so that things meet, and times at both sides of every limit.</summary>
internal static class Steps
{
    public const int Targets = 2;
    public const int Keys = 3;
    public const int Instances = 2;
    public const int Sites = 2;

    private static readonly string[] Waits =
    [
        "00:00:01", "00:00:09", "00:00:10", "00:00:20", "00:00:30", "00:00:31", "00:00:59", "00:01:00", "00:01:01", "00:01:19",
        "00:01:20", "00:02:00", "00:05:00", "00:15:00", "00:29:59", "00:30:00", "01:00:00", "04:00:00", "08:00:00", "1.00:00:00",
        "1.23:59:59", "2.00:00:01", "6.23:30:00", "7.00:00:00", "8.00:00:00",
    ];

    private static readonly string[] SetBacks = ["00:00:01", "00:00:30", "00:01:00", "00:05:00", "00:15:00"];

    private static readonly Gen<int> AnyInstance = Gen.Int[0, Instances - 1];

    private static readonly Gen<Stop?> AnyStop = Gen.Frequency(
        (13, Gen.Const((Stop?)null)),
        (7, Gen.Select(
            Gen.OneOf(Enum.GetValues<PointKind>()),
            Gen.Frequency((4, Gen.Const(1)), (3, Gen.Const(2)), (1, Gen.Const(3))),
            Gen.Frequency((1, Gen.Const(true)), (1, Gen.Const(false))),
            (kind, number, dies) => (Stop?)new Stop(kind, number, dies))));

    private static readonly Gen<IReadOnlyList<Weather>> AnyWeather = Gen.Frequency(
        (3, Gen.Const(Array.Empty<Weather>())),
        (2, Gen.OneOf(Enum.GetValues<Weather>()).Array[1, 3])).Select(weather => (IReadOnlyList<Weather>)weather);

    private static readonly Gen<bool> IsDenied = Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)));

    /// <summary>Nine requests out of ten with a key say what the others with that key say.</summary>
    private static readonly Gen<(int Target, int Note, int? Key)> AnyRequest = Gen.Frequency(
        (4, Gen.Select(Gen.Int[0, Targets - 1], Gen.Int[0, 1], (target, note) => (target, note, (int?)null))),
        (5, Gen.Int[0, Keys - 1].Select(key => (key % Targets, 0, (int?)key))),
        (1, Gen.Select(Gen.Int[0, Targets - 1], Gen.Int[0, 1], Gen.Int[0, Keys - 1], (target, note, key) => (target, note, (int?)key))));

    private static readonly Gen<Step> Any = Gen.Frequency(
        (9, Gen.Select(AnyInstance, AnyRequest, AnyWeather, AnyStop, (instance, request, weather, stop) =>
            (Step)new Step.Send(instance, request.Target, request.Note, request.Key, weather, stop))),
        (3, Gen.Select(
            AnyInstance, Gen.Int[0, 3], Gen.OneOf(VerificationState.Completed, VerificationState.Cancelled), AnyStop,
            (instance, which, state, stop) => (Step)new Step.Close(instance, which, state, stop))),
        (1, Gen.Select(AnyInstance, Gen.Int[0, 3], AnyWeather, AnyStop, (instance, which, weather, stop) =>
            (Step)new Step.Check(instance, which, weather, stop))),
        (4, Gen.Select(
            AnyInstance, Gen.Int[0, 2], Gen.Int[0, Sites - 1], AnyWeather, IsDenied, AnyStop,
            (instance, which, site, weather, denied, stop) => (Step)new Step.Attach(instance, which, site, weather, denied, stop))),
        (2, Gen.Select(Gen.Int[0, Sites - 1], Gen.Int[-1, Targets - 1], (site, target) =>
            (Step)new Step.Console(site, target < 0 ? null : target))),
        (4, Gen.Select(AnyInstance, AnyStop, IsDenied, (instance, stop, denied) => (Step)new Step.Report(instance, stop, denied))),
        (5, Gen.OneOf(Waits).Select(time => (Step)new Step.Wait(Time(time)))),
        (1, Gen.OneOf(SetBacks).Select(time => (Step)new Step.SetBack(Time(time)))),
        (2, Gen.Int[0, 2].Select(which => (Step)new Step.Resume(which))));

    private static readonly Gen<Step[]> Sequences = Any.Array[8, 24];

    /// <summary>The sequence with a number, of a seed: always the same.</summary>
    public static Step[] Generate(uint number, ulong seed) => Sequences.Generate(new PCG(number, seed), null, out _);

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
