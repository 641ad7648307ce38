using System.Globalization;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One thing that happens, in words when it is printed.</summary>
internal abstract record Step
{
    private Step()
    {
    }

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
            + $"{(Weather.Count == 0 ? "" : $", meets {string.Join(", ", Weather)}")}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>Someone closes a verification.</summary>
    /// <param name="Instance">Which instance is told.</param>
    /// <param name="Which">Which of those on record, counted back from the latest, and around.</param>
    /// <param name="State">Completed or cancelled.</param>
    /// <param name="Stop">Where it does not go on, if anywhere.</param>
    public sealed record Close(int Instance, int Which, VerificationState State, Stop? Stop) : Step
    {
        public override string ToString() =>
            $"close {(Which == 0 ? "the latest" : $"the one {Which} before the latest")} as {State.Name()} by instance {Instance}{(Stop is null ? "" : $", {Stop}")}";
    }

    /// <summary>A run of the timer.</summary>
    public sealed record Report(int Instance, Stop? Stop) : Step
    {
        public override string ToString() => $"report by instance {Instance}{(Stop is null ? "" : $", {Stop}")}";
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
