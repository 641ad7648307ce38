namespace EdsFunctions.Tests.Verifications;

/// <summary>What a rule leaves as it was, and the moments at which it begins to hold.</summary>
public sealed class VerificationBoundariesTests
{
    private static readonly SendRules Rules = new(
        ResendCooldown: TimeSpan.FromMinutes(1), OrphanAfter: TimeSpan.FromSeconds(80), BeginWithin: TimeSpan.FromSeconds(30));
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;
    private static readonly EcdOutcome Accepted = new EcdOutcome.Accepted("R-1");
    private static readonly EcdError GatewayTimeout = new("GatewayTimeout", 504, "R-5");
    private static readonly EcdOutcome Unknown = new EcdOutcome.Unknown("no answer", GatewayTimeout);
    private static readonly EcdOutcome NotSent = new EcdOutcome.NotSent("no connection");
    private static readonly EcdOutcome Rejected = new EcdOutcome.Rejected(new EcdError("NoPermission", 403, "R-2"));

    private static Verification Sending => A.Verification.By("alice", "first").Record(Noon);

    private static Verification Pending => Sending.Settle(1, Accepted, Noon.AddSeconds(1));

    [Fact]
    public void It_begins_with_what_was_asked_for_and_nothing_else()
    {
        var command = A.Verification.By("alice", "first").Command();

        var begun = Verification.Begin(command, Noon);

        Assert.Equal(
            new Verification
            {
                Id = begun.Id,
                Target = command.Target,
                State = VerificationState.Sending,
                CreatedAt = Noon,
                SendStartedAt = Noon,
                WaitingSince = Noon,
                SendCount = 1,
                RequestedBy = "alice",
                Note = "first",
            },
            begun);
    }

    [Fact]
    public void Acceptance_changes_the_state_and_the_request_id_and_nothing_else()
    {
        var sending = Sending;

        Assert.Equal(
            sending with { State = VerificationState.Pending, RequestId = "R-1" },
            sending.Settle(1, Accepted, Noon.AddSeconds(1)));
    }

    [Fact]
    public void The_cooldown_ends_at_its_last_moment()
    {
        var pending = Pending;

        var tooSoon = Assert.IsType<SendDecision.TooSoon>(
            pending.RequestSend(pending.Command(), Noon.AddMinutes(1).AddTicks(-1), Rules));

        Assert.Equal(TimeSpan.FromTicks(1), tooSoon.RetryAfter);
        Assert.IsType<SendDecision.Send>(pending.RequestSend(pending.Command(), Noon.AddMinutes(1), Rules));
    }

    [Fact]
    public void Without_a_cooldown_a_code_can_be_sent_anew_at_once() => Assert.IsType<SendDecision.Send>(
        Pending.RequestSend(Pending.Command(), Noon.AddSeconds(1), Rules with { ResendCooldown = TimeSpan.Zero }));

    [Fact]
    public void A_send_anew_forgets_why_the_last_one_failed_and_remembers_where_it_stood()
    {
        var refused = Resend(Pending, Noon.AddHours(1)).Settle(2, Rejected, Noon.AddHours(1));

        var next = Resend(refused, Noon.AddHours(2));

        Assert.Null(next.LastFailure);
        Assert.Equal(VerificationState.Pending, next.StateBefore);
        Assert.Equal(("alice", "first"), (next.RequestedBy, next.Note));
    }

    [Fact]
    public void A_note_of_the_one_who_asks_anew_replaces_the_first()
    {
        var decision = Pending.RequestSend(Pending.Command() with { Note = "second" }, Noon.AddHours(1), Rules);

        Assert.Equal("second", Assert.IsType<SendDecision.Send>(decision).Next.Note);
    }

    [Fact]
    public void A_send_anew_without_an_answer_is_to_be_said_anew_and_says_what_Alibaba_said()
    {
        var reported = Pending.MarkReported(Noon.AddMinutes(30));

        var settled = Resend(reported, Noon.AddHours(1)).Settle(2, Unknown, Noon.AddHours(1));

        Assert.Null(settled.Reported);
        Assert.Equal(new SendFailure(SendFailureKind.Unknown, "no answer", GatewayTimeout), settled.LastFailure);
    }

    [Fact]
    public void A_send_anew_that_reached_nobody_leaves_the_report_of_the_first_as_it_was()
    {
        var reported = Pending.MarkReported(Noon.AddMinutes(30));

        var settled = Resend(reported, Noon.AddHours(1)).Settle(2, NotSent, Noon.AddHours(1));

        Assert.Equal(new ReportMark(1, Noon.AddMinutes(30)), settled.Reported);
        Assert.Equal(new SendFailure(SendFailureKind.NotSent, "no connection"), settled.LastFailure);
    }

    [Fact]
    public void A_failed_one_says_why_and_when_and_names_nobody()
    {
        var failed = Sending.Settle(1, NotSent, Noon.AddSeconds(2));

        Assert.Equal(new SendFailure(SendFailureKind.NotSent, "no connection"), failed.LastFailure);
        Assert.Equal((Noon.AddSeconds(2), null, null), (failed.ClosedAt, failed.ClosedBy, failed.ClosingNote));
        Assert.False(failed.IsOpen);
    }

    [Fact]
    public void A_refusal_says_the_code()
    {
        var failed = Sending.Settle(1, Rejected, Noon);

        Assert.Equal(
            new SendFailure(SendFailureKind.Rejected, "Alibaba refused: NoPermission", new EcdError("NoPermission", 403, "R-2")),
            failed.LastFailure);
    }

    /// <summary>It is unknown because of an earlier send; the latest was answered, and no second answer belongs to it.</summary>
    [Fact]
    public void An_unknown_one_whose_latest_send_was_answered_takes_no_other_answer()
    {
        var unknown = Sending.Settle(1, Unknown, Noon);
        var settled = Resend(unknown, Noon.AddHours(1)).Settle(2, NotSent, Noon.AddHours(1));
        Assert.Equal(VerificationState.Unknown, settled.State);

        Assert.Same(settled, settled.Settle(2, Accepted, Noon.AddHours(1)));
    }

    [Fact]
    public void A_pending_one_takes_no_second_answer()
    {
        var pending = Pending;

        Assert.Same(pending, pending.Settle(1, Unknown, Noon.AddSeconds(2)));
        Assert.Same(pending, pending.Settle(1, Accepted, Noon.AddSeconds(2)));
    }

    [Fact]
    public void A_dead_send_waits_since_it_began_and_says_why()
    {
        var orphan = Resend(Pending, Noon.AddHours(1)).GiveUpOrphan(Noon.AddHours(2), Rules)!;

        Assert.Equal(Noon.AddHours(1), orphan.WaitingSince);
        Assert.Contains("before Alibaba's answer was recorded", orphan.LastFailure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_under_way_until_it_can_be_given_up()
    {
        Assert.True(Sending.IsUnderWay(Noon.AddSeconds(80).AddTicks(-1), Rules));
        Assert.False(Sending.IsUnderWay(Noon.AddSeconds(80), Rules));
        Assert.False(Pending.IsUnderWay(Noon.AddSeconds(1), Rules));
    }

    [Fact]
    public void What_expires_names_nobody()
    {
        var expired = Pending.Expire(Noon.AddDays(8), TimeSpan.FromDays(7))!;

        Assert.Equal((Noon.AddDays(8), null, null), (expired.ClosedAt, expired.ClosedBy, expired.ClosingNote));
    }

    [Fact]
    public void Each_report_is_counted_and_the_latest_is_kept()
    {
        var twice = Pending.MarkReported(Noon.AddHours(1)).MarkReported(Noon.AddHours(5));

        Assert.Equal(new ReportMark(2, Noon.AddHours(5)), twice.Reported);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(16, 32_768)]
    [InlineData(17, 65_536)]
    [InlineData(18, 65_536)]
    public void The_wait_doubles_sixteen_times_and_then_stays(int count, int times) =>
        Assert.Equal(Noon.AddMinutes(times), new ReportMark(count, Noon).NextAt(TimeSpan.FromMinutes(1)));

    private static Verification Resend(Verification open, DateTimeOffset at) =>
        Assert.IsType<SendDecision.Send>(open.RequestSend(open.Command(), at, Rules)).Next;
}
