using CsCheck;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>One step of a random sequence.</summary>
internal abstract record Step
{
    public const int Targets = 2;
    private const int Keys = 3;

    /// <summary>A caller asks for a code.</summary>
    /// <param name="Target">The CEN.</param>
    /// <param name="Note">Distinguishes requests for one CEN.</param>
    /// <param name="Key">The idempotency key; null for none.</param>
    /// <param name="First">Alibaba's reply to the first attempt.</param>
    /// <param name="Second">The reply to the second; the others are accepted.</param>
    /// <param name="Stop">Where the request is suspended.</param>
    /// <param name="Fault">The write that throws.</param>
    public sealed record Send(
        int Target, int Note, int? Key, AlibabaReply First, AlibabaReply Second, Stop? Stop, FailingWrite? Fault)
        : Step;

    /// <summary>A caller asks to resend the code.</summary>
    /// <param name="Index">The verification, counted back from the latest.</param>
    /// <param name="Key">The idempotency key; null for none.</param>
    /// <param name="First">Alibaba's reply to the first attempt.</param>
    /// <param name="Second">The reply to the second; the others are accepted.</param>
    /// <param name="Stop">Where the request is suspended.</param>
    /// <param name="Fault">The write that throws.</param>
    public sealed record Resend(
        int Index, int? Key, AlibabaReply First, AlibabaReply Second, Stop? Stop, FailingWrite? Fault) : Step;

    /// <summary>A person closes a verification.</summary>
    /// <param name="Index">The verification, counted back from the latest.</param>
    /// <param name="State">Completed or cancelled.</param>
    /// <param name="Key">The idempotency key; null for none.</param>
    /// <param name="Stop">Where the request is suspended.</param>
    /// <param name="Fault">The write that throws.</param>
    public sealed record Close(int Index, VerificationState State, int? Key, Stop? Stop, FailingWrite? Fault) : Step;

    /// <summary>A run of the timer.</summary>
    public sealed record Report(Stop? Stop, FailingWrite? Fault) : Step;

    /// <summary>Time passes.</summary>
    public sealed record Wait(TimeSpan Time) : Step;

    /// <summary>The clock of the instances is set back, by no more than the app tolerates.</summary>
    public sealed record SetClockBack(TimeSpan Behind) : Step;

    /// <summary>A suspended operation is resumed.</summary>
    public sealed record Resume(int Index) : Step;

    /// <summary>
    /// Generates sequences with few targets and keys, so that requests conflict, and with waits just below and above
    /// each time limit.
    /// </summary>
    public static Gen<Step[]> Sequences
    {
        get
        {
            var stop = Gen.Frequency(
                (13, Gen.Const((Stop?)null)),
                (7, Gen.Select(Gen.Int[1, 14], Gen.Bool, (number, crashes) => (Stop?)new Stop(number, crashes))));
            var reply = Gen.Frequency(
                (3, Gen.Const(AlibabaReply.Accept)),
                (2, Gen.OneOf(Enum.GetValues<AlibabaReply>())));
            var target = Gen.Int[0, Targets - 1];
            var request = Gen.Frequency(
                (4, Gen.Select(target, Gen.Int[0, 1], (of, note) => (of, note, (int?)null))),
                (5, Gen.Int[0, Keys - 1].Select(key => (key % Targets, 0, (int?)key))),
                (1, Gen.Select(target, Gen.Int[0, 1], Gen.Int[0, Keys - 1], (of, note, key) => (of, note, (int?)key))));
            string[] waits =
            [
                "00:00:01", "00:00:10", "00:00:30", "00:00:31", "00:00:59",
                "00:01:00", "00:01:19", "00:01:20", "00:02:00", "00:15:00", "00:29:59", "00:30:00", "04:00:00",
                "1.00:00:00", "1.23:59:59", "2.00:00:01", "6.23:30:00", "7.00:00:00", "8.00:00:00",
            ];
            var fault = Gen.Frequency(
                (5, Gen.Const((FailingWrite?)null)),
                (1, Gen.Select(
                    Gen.Int[1, 3],
                    Gen.OneOf(Enum.GetValues<WriteFault>()),
                    (number, kind) => (FailingWrite?)new FailingWrite(number, kind))));
            var key = Gen.Frequency((2, Gen.Const((int?)null)), (1, Gen.Int[0, Keys - 1].Select(name => (int?)name)));
            return Gen.Frequency(
                (9, Gen.Select(request, reply, reply, stop, fault, (of, first, second, at, write) =>
                    (Step)new Send(of.Item1, of.Item2, of.Item3, first, second, at, write))),
                (5, Gen.Select(Gen.Int[0, 2], key, reply, reply, stop, fault, (of, name, first, second, at, write) =>
                    (Step)new Resend(of, name, first, second, at, write))),
                (3, Gen.Select(
                    Gen.Int[0, 3],
                    Gen.OneOf(VerificationState.Completed, VerificationState.Cancelled),
                    key,
                    stop,
                    fault,
                    (of, state, name, at, write) => (Step)new Close(of, state, name, at, write))),
                (4, Gen.Select(stop, fault, (at, write) => (Step)new Report(at, write))),
                (5, Gen.OneOf(waits)
                    .Select(time => (Step)new Wait(TimeSpan.Parse(time, CultureInfo.InvariantCulture)))),
                (1, Gen.Int[0, 15].Select(minutes => (Step)new SetClockBack(TimeSpan.FromMinutes(minutes)))),
                (2, Gen.Int[0, 2].Select(of => (Step)new Resume(of)))).Array[1, 24];
        }
    }
}

/// <summary>Where an operation is suspended.</summary>
/// <param name="Number">The number of the point before or after a call of the store or of Alibaba, from 1.</param>
/// <param name="Crashes">Whether the operation is never resumed, as after a crash.</param>
internal sealed record Stop(int Number, bool Crashes);

/// <summary>A write of a verification throws.</summary>
/// <param name="Number">The number of the write in the operation, from 1.</param>
/// <param name="Kind">Whether it is stored.</param>
internal sealed record FailingWrite(int Number, WriteFault Kind);

/// <summary>Whether a write that throws is stored.</summary>
internal enum WriteFault
{
    Stored,
    NotStored,

    /// <summary>The write is stored after the operation has continued, unless it conflicts by then.</summary>
    StoredLate,
}

/// <summary>How Alibaba replies to a request. A request that is suspended gets no reply.</summary>
internal enum AlibabaReply
{
    Accept,

    // With these replies, the e-mail is sent, and there is no response, or only half of one.
    CloseAfterWork,
    Malformed,

    // With these replies, nothing is sent. ThrottleLong asks for a longer delay than a call may take.
    Throttle,
    ThrottleLong,
    Unavailable,
    Deny,
    CloseBeforeWork,
    RefuseConnection,
}
