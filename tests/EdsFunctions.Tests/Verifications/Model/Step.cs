namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One thing that happens, in words when it is printed.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    private static string One(int which) => which == 0 ? "the latest" : $"the one {which} before the latest";

    private static string Meets(IReadOnlyList<Weather> weather) =>
        weather.Count == 0 ? "" : $", meets {string.Join(", ", weather)}";

    /// <summary>A request for a code.</summary>
    /// <param name="Instance">Which instance gets it.</param>
    /// <param name="Target">Which of the targets.</param>
    /// <param name="Note">What it says besides: one of two things.</param>
    /// <param name="Key">Which idempotency key, if any.</param>
    /// <param name="Weather">What meets the attempts, one after the other; fair from then on.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    public sealed record Send(int Instance, int Target, int Note, int? Key, IReadOnlyList<Weather> Weather, Stop? Stop) : Step
    {
        public override string ToString() =>
            $"send to {Target} by instance {Instance}{(Note == 0 ? "" : ", with another note")}{(Key is { } key ? $", key {key}" : "")}"
            + $"{Meets(Weather)}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Someone closes a verification.</summary>
    /// <param name="Instance">Which instance is told.</param>
    /// <param name="Which">Which of those on record, counted back from the latest, and around.</param>
    /// <param name="State">Completed or cancelled.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    public sealed record Close(int Instance, int Which, VerificationState State, Stop? Stop) : Step
    {
        public override string ToString() =>
            $"close {One(Which)} as {State.Name()} by instance {Instance}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Someone has a code checked.</summary>
    /// <param name="Instance">Which instance is told.</param>
    /// <param name="Which">Which of those on record, counted back from the latest, and around.</param>
    /// <param name="Weather">What meets the attempts, one after the other; fair from then on.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    public sealed record Check(int Instance, int Which, IReadOnlyList<Weather> Weather, Stop? Stop) : Step
    {
        public override string ToString() =>
            $"check {One(Which)} by instance {Instance}{Meets(Weather)}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Someone has a CEN attached.</summary>
    /// <param name="Instance">Which instance is told.</param>
    /// <param name="Which">Which of those on record, counted back from the latest, and around.</param>
    /// <param name="Site">To which office network.</param>
    /// <param name="Weather">What meets the attempts, one after the other; fair from then on.</param>
    /// <param name="ListDenied">Whether Alibaba refuses to list the office networks.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    public sealed record Attach(int Instance, int Which, int Site, IReadOnlyList<Weather> Weather, bool ListDenied, Stop? Stop) : Step
    {
        public override string ToString() =>
            $"attach {One(Which)} to office {Site} by instance {Instance}{Meets(Weather)}{(ListDenied ? ", no list" : "")}"
            + $"{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Someone changes an office network at the console.</summary>
    /// <param name="Site">Which office network.</param>
    /// <param name="Target">To the CEN of which target it is attached from now on; null for none.</param>
    public sealed record Console(int Site, int? Target) : Step
    {
        public override string ToString() =>
            $"at the console, office {Site} is {(Target is { } target ? $"attached to the CEN of {target}" : "detached")}";
    }

    /// <summary>A run of the timer.</summary>
    /// <param name="Instance">Of which instance.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    /// <param name="ListDenied">Whether Alibaba refuses to list the office networks.</param>
    public sealed record Report(int Instance, Stop? Stop, bool ListDenied = false) : Step
    {
        public override string ToString() =>
            $"report by instance {Instance}{(ListDenied ? ", no list" : "")}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Time passes.</summary>
    public sealed record Wait(TimeSpan Time) : Step
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"wait {Time:c}");
    }

    /// <summary>Somebody sets the clock back: never further than 15 minutes behind what it has shown.</summary>
    public sealed record SetBack(TimeSpan Time) : Step
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"set the clock back {Time:c}");
    }

    /// <summary>An operation that stands still goes on.</summary>
    /// <param name="Which">Which of them, counted around.</param>
    public sealed record Resume(int Which) : Step
    {
        public override string ToString() => $"resume {Which}";
    }
}
