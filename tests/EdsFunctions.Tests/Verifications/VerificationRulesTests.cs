namespace EdsFunctions.Tests.Verifications;

/// <summary>The rules of a verification, each as a function of the record and the time.</summary>
public sealed class VerificationRulesTests
{
    private static readonly SendRules Rules = new(
        ResendCooldown: TimeSpan.FromMinutes(1), OrphanAfter: TimeSpan.FromSeconds(80), BeginWithin: TimeSpan.FromSeconds(30));
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;
    private static readonly EcdOutcome Accepted = new EcdOutcome.Accepted("R-1");
    private static readonly EcdOutcome Unknown = new EcdOutcome.Unknown("no answer");
    private static readonly EcdOutcome NotSent = new EcdOutcome.NotSent("no connection");
    private static readonly EcdOutcome Rejected = new EcdOutcome.Rejected(new EcdError("NoPermission", 403, "R-2"));

    private static Verification Sending => A.Verification.Record(Noon);

    private static Verification Pending => Sending.Settle(1, Accepted, Noon.AddSeconds(1));

    [Fact]
    public void A_new_verification_is_about_to_send_and_its_id_holds_the_time()
    {
        var verification = Sending;

        Assert.Equal(VerificationState.Sending, verification.State);
        Assert.Equal(1, verification.SendCount);
        Assert.Equal(7, verification.Id.Version);
        Assert.True(
            string.CompareOrdinal(verification.Id.ToString(), A.Verification.Record(Noon.AddMilliseconds(1)).Id.ToString()) < 0);
    }

    [Fact]
    public void Acceptance_makes_it_pending()
    {
        Assert.Equal(VerificationState.Pending, Pending.State);
        Assert.Equal("R-1", Pending.RequestId);
        Assert.Null(Pending.LastFailure);
    }

    [Fact]
    public void No_usable_answer_makes_it_unknown_and_it_stays_open()
    {
        var unknown = Sending.Settle(1, Unknown, Noon.AddSeconds(10));

        Assert.Equal(VerificationState.Unknown, unknown.State);
        Assert.True(unknown.IsOpen);
        Assert.Equal(new SendFailure(SendFailureKind.Unknown, "no answer"), unknown.LastFailure);
    }

    [Fact]
    public void A_refusal_of_the_first_send_closes_it_as_failed()
    {
        var failed = Sending.Settle(1, Rejected, Noon.AddSeconds(1));

        Assert.Equal(VerificationState.Failed, failed.State);
        Assert.Equal(Noon.AddSeconds(1), failed.ClosedAt);
        Assert.Equal("NoPermission", failed.LastFailure?.Error?.Code);
    }

    [Fact]
    public void A_first_send_that_never_left_closes_it_as_failed() =>
        Assert.Equal(VerificationState.Failed, Sending.Settle(1, NotSent, Noon).State);

    [Fact]
    public void While_a_send_is_under_way_another_is_not_begun()
    {
        var sending = Sending;

        Assert.IsType<SendDecision.InProgress>(sending.RequestSend(sending.Command(), Noon.AddSeconds(79), Rules));
    }

    [Fact]
    public void A_send_whose_process_died_does_not_block_the_next_one()
    {
        var orphan = Sending;

        var decision = orphan.RequestSend(orphan.Command(), Noon.AddSeconds(80), Rules);

        Assert.Equal(2, Assert.IsType<SendDecision.Send>(decision).Next.SendCount);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(59, 1)]
    public void Within_the_cooldown_it_says_how_long_to_wait(int seconds, int wait)
    {
        var decision = Pending.RequestSend(Pending.Command(), Noon.AddSeconds(seconds), Rules);

        Assert.Equal(TimeSpan.FromSeconds(wait), Assert.IsType<SendDecision.TooSoon>(decision).RetryAfter);
    }

    [Fact]
    public void A_send_whose_process_died_counts_for_the_cooldown_whether_or_not_the_timer_has_seen_it()
    {
        var rules = Rules with { ResendCooldown = TimeSpan.FromMinutes(10) };
        var died = Resend(Pending, Noon.AddHours(1));
        var now = Noon.AddHours(1).AddMinutes(2);

        var before = died.RequestSend(died.Command(), now, rules);
        var after = died.GiveUpOrphan(now, rules)!.RequestSend(died.Command(), now, rules);

        Assert.Equal(TimeSpan.FromMinutes(8), Assert.IsType<SendDecision.TooSoon>(before).RetryAfter);
        Assert.Equal(TimeSpan.FromMinutes(8), Assert.IsType<SendDecision.TooSoon>(after).RetryAfter);
    }

    [Fact]
    public void A_clock_that_is_a_little_behind_refuses_too_and_asks_nobody_to_wait_longer_than_the_cooldown()
    {
        var decision = Pending.RequestSend(Pending.Command(), Noon.AddMinutes(-15), Rules);

        Assert.Equal(TimeSpan.FromMinutes(1), Assert.IsType<SendDecision.TooSoon>(decision).RetryAfter);
        Assert.IsType<SendDecision.InProgress>(Sending.RequestSend(Pending.Command(), Noon.AddMinutes(-15), Rules));
    }

    [Fact]
    public void What_a_clock_far_ahead_has_written_locks_nobody_out()
    {
        var right = Noon.AddMinutes(-15).AddTicks(-1);

        Assert.IsType<SendDecision.Send>(Pending.RequestSend(Pending.Command(), right, Rules));
        Assert.IsType<SendDecision.Send>(Sending.RequestSend(Pending.Command(), right, Rules));
        Assert.IsType<CloseDecision.Close>(Sending.Close(VerificationState.Cancelled, new Closing(), right, Rules));
    }

    [Fact]
    public void A_send_that_was_held_up_may_not_begin_any_more()
    {
        Assert.True(Sending.MayBegin(Noon.AddSeconds(30), Rules));
        Assert.False(Sending.MayBegin(Noon.AddSeconds(30).AddTicks(1), Rules));
        Assert.False(Sending.MayBegin(Noon.AddHours(-1), Rules));
    }

    [Fact]
    public void After_the_cooldown_the_code_is_sent_anew_under_the_same_id()
    {
        var pending = Pending;

        var next = Resend(pending, Noon.AddSeconds(60));

        Assert.Equal(pending.Id, next.Id);
        Assert.Equal(VerificationState.Sending, next.State);
        Assert.Equal(2, next.SendCount);
        Assert.Equal(Noon.AddSeconds(60), next.SendStartedAt);
        Assert.Equal(Noon, next.WaitingSince);
    }

    [Fact]
    public void Who_asks_anew_and_why_is_kept_and_what_is_not_said_stays()
    {
        var pending = A.Verification.By("alice", "first").Record(Noon).Settle(1, Accepted, Noon);

        var decision = pending.RequestSend(pending.Command() with { RequestedBy = "bob" }, Noon.AddMinutes(2), Rules);

        var next = Assert.IsType<SendDecision.Send>(decision).Next;
        Assert.Equal(("bob", "first"), (next.RequestedBy, next.Note));
    }

    [Fact]
    public void A_send_anew_that_is_accepted_starts_the_wait_again()
    {
        var reported = Pending.MarkReported(Noon.AddHours(1));

        var settled = Resend(reported, Noon.AddHours(2)).Settle(2, new EcdOutcome.Accepted("R-9"), Noon.AddHours(2));

        Assert.Equal(VerificationState.Pending, settled.State);
        Assert.Equal(Noon.AddHours(2), settled.WaitingSince);
        Assert.Equal("R-9", settled.RequestId);
        Assert.Null(settled.Reported);
    }

    [Fact]
    public void A_send_anew_that_is_refused_leaves_the_first_e_mail_waiting_as_it_did()
    {
        var pending = Pending;

        var settled = Resend(pending, Noon.AddHours(1)).Settle(2, Rejected, Noon.AddHours(1));

        Assert.Equal(VerificationState.Pending, settled.State);
        Assert.Equal("R-1", settled.RequestId);
        Assert.Equal(Noon, settled.WaitingSince);
        Assert.Equal(SendFailureKind.Rejected, settled.LastFailure?.Kind);
        Assert.Null(settled.ClosedAt);
    }

    [Fact]
    public void A_send_anew_that_never_left_keeps_an_unknown_one_unknown_whatever_came_before()
    {
        var unknown = Resend(Pending, Noon.AddMinutes(30)).Settle(2, Unknown, Noon.AddMinutes(30));

        var settled = Resend(unknown, Noon.AddHours(1)).Settle(3, NotSent, Noon.AddHours(1));

        Assert.Equal(VerificationState.Unknown, settled.State);
        Assert.Equal(Noon.AddMinutes(30), settled.WaitingSince);
    }

    [Fact]
    public void A_send_anew_without_an_answer_may_have_reached_the_owner()
    {
        var settled = Resend(Pending, Noon.AddHours(1)).Settle(2, Unknown, Noon.AddHours(1));

        Assert.Equal(VerificationState.Unknown, settled.State);
        Assert.Equal(Noon.AddHours(1), settled.WaitingSince);
    }

    [Fact]
    public void After_a_send_anew_that_reached_nobody_there_is_no_cooldown()
    {
        var settled = Resend(Pending, Noon.AddHours(1)).Settle(2, NotSent, Noon.AddHours(1));

        Assert.IsType<SendDecision.Send>(settled.RequestSend(settled.Command(), Noon.AddHours(1), Rules));
    }

    [Fact]
    public void A_send_without_an_answer_becomes_unknown_when_no_process_can_wait_for_it_any_more()
    {
        var sending = Sending;

        Assert.Null(sending.GiveUpOrphan(Noon.AddSeconds(79), Rules));
        var orphan = sending.GiveUpOrphan(Noon.AddSeconds(80), Rules);
        Assert.Equal(VerificationState.Unknown, orphan?.State);
        Assert.Equal(SendFailureKind.Unknown, orphan?.LastFailure?.Kind);
        Assert.Null(Pending.GiveUpOrphan(Noon.AddDays(1), Rules));
    }

    [Fact]
    public void An_answer_that_comes_after_it_was_given_up_for_lost_still_counts()
    {
        var orphan = Sending.GiveUpOrphan(Noon.AddSeconds(80), Rules)!;

        Assert.Equal(VerificationState.Pending, orphan.Settle(1, Accepted, Noon.AddSeconds(90)).State);
        Assert.Equal(VerificationState.Failed, orphan.Settle(1, Rejected, Noon.AddSeconds(90)).State);
    }

    [Fact]
    public void A_send_anew_that_was_given_up_for_lost_and_is_refused_after_all_leaves_the_first_e_mail_waiting_as_it_did()
    {
        var orphan = Resend(Pending, Noon.AddHours(1)).GiveUpOrphan(Noon.AddHours(1).AddSeconds(80), Rules)!;
        Assert.Equal(Noon.AddHours(1), orphan.WaitingSince);

        foreach (var noMail in new[] { Rejected, NotSent })
        {
            var settled = orphan.Settle(2, noMail, Noon.AddHours(1).AddSeconds(90));

            Assert.Equal((VerificationState.Pending, Noon), (settled.State, settled.WaitingSince));
        }
    }

    [Fact]
    public void A_record_that_does_not_say_since_when_it_waited_before_waits_since_then_as_it_stands()
    {
        var sending = Resend(Pending, Noon.AddHours(1)) with { WaitingSinceBefore = null };

        Assert.Equal(Noon, sending.Settle(2, Rejected, Noon.AddHours(1)).WaitingSince);
    }

    [Fact]
    public void An_answer_to_an_earlier_send_changes_nothing()
    {
        var again = Resend(Sending.GiveUpOrphan(Noon.AddSeconds(80), Rules)!, Noon.AddMinutes(3));

        Assert.Same(again, again.Settle(1, Accepted, Noon.AddMinutes(3)));
    }

    [Fact]
    public void An_answer_that_comes_after_it_was_closed_changes_nothing()
    {
        var orphan = Sending.GiveUpOrphan(Noon.AddSeconds(80), Rules)!;
        var cancelled = Assert.IsType<CloseDecision.Close>(
            orphan.Close(VerificationState.Cancelled, new Closing(), Noon.AddMinutes(2), Rules)).Next;

        Assert.Same(cancelled, cancelled.Settle(1, Accepted, Noon.AddMinutes(3)));
    }

    [Theory]
    [InlineData(VerificationState.Completed)]
    [InlineData(VerificationState.Cancelled)]
    public void A_person_closes_what_is_open(VerificationState state)
    {
        var decision = Pending.Close(state, new Closing("bob", "handed over"), Noon.AddHours(1), Rules);

        var closed = Assert.IsType<CloseDecision.Close>(decision).Next;
        Assert.Equal(state, closed.State);
        Assert.Equal((Noon.AddHours(1), "bob", "handed over"), (closed.ClosedAt, closed.ClosedBy, closed.ClosingNote));
        Assert.IsType<CloseDecision.AlreadyClosed>(closed.Close(state, new Closing(), Noon.AddHours(2), Rules));
    }

    [Fact]
    public void Nobody_closes_it_while_a_send_is_under_way()
    {
        Assert.IsType<CloseDecision.InProgress>(
            Sending.Close(VerificationState.Cancelled, new Closing(), Noon.AddSeconds(79), Rules));
        Assert.IsType<CloseDecision.Close>(
            Sending.Close(VerificationState.Cancelled, new Closing(), Noon.AddSeconds(80), Rules));
    }

    [Fact]
    public void It_expires_when_it_has_waited_longer_than_policy_allows_and_not_while_a_send_is_under_way()
    {
        var week = TimeSpan.FromDays(7);

        Assert.Null(Pending.Expire(Noon + week - TimeSpan.FromTicks(1), week));
        Assert.Equal(VerificationState.Expired, Pending.Expire(Noon + week, week)?.State);
        Assert.Null(Sending.Expire(Noon + week, week));
        Assert.Null(Pending.Expire(Noon + week, week)!.Expire(Noon + week, week));
    }

    [Fact]
    public void It_does_not_expire_while_it_may_be_attached_and_a_clock_may_be_off()
    {
        var now = Noon.AddDays(8);
        Verification Attaching(TimeSpan ago) => Pending.BeginAttach(new AttachAttempt("cn-hangzhou+dir-1", now - ago, By: null));

        Assert.Null(Attaching(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1)).Expire(now, TimeSpan.FromDays(7)));
        Assert.Equal(VerificationState.Expired, Attaching(TimeSpan.FromMinutes(15)).Expire(now, TimeSpan.FromDays(7))?.State);
    }

    [Fact]
    public void An_attachment_is_under_way_until_its_answer_cannot_come_any_more()
    {
        var attaching = Pending.BeginAttach(new AttachAttempt("cn-hangzhou+dir-1", Noon, By: null));

        Assert.True(attaching.IsAttachUnderWay(Noon + Rules.OrphanAfter - TimeSpan.FromTicks(1), Rules));
        Assert.False(attaching.IsAttachUnderWay(Noon + Rules.OrphanAfter, Rules));
    }

    [Fact]
    public void Each_check_of_a_code_is_counted() => Assert.Equal(2, Pending.BeginCheck().BeginCheck().Checks);

    [Fact]
    public void It_is_stale_once_it_waits_as_long_as_the_threshold()
    {
        var threshold = TimeSpan.FromMinutes(30);

        Assert.False(Pending.IsStale(Noon + threshold - TimeSpan.FromTicks(1), threshold));
        Assert.True(Pending.IsStale(Noon + threshold, threshold));
        Assert.False(Sending.Settle(1, Rejected, Noon).IsStale(Noon + threshold, threshold));
    }

    [Fact]
    public void It_is_said_again_after_a_wait_that_doubles_each_time()
    {
        var repeatAfter = TimeSpan.FromHours(4);
        var verification = Pending;
        var at = Noon;
        Assert.True(verification.IsDue(at, repeatAfter));

        foreach (var hours in new[] { 4, 8, 16, 32 })
        {
            verification = verification.MarkReported(at);
            Assert.False(verification.IsDue(at.AddHours(hours) - TimeSpan.FromTicks(1), repeatAfter));
            Assert.True(verification.IsDue(at.AddHours(hours), repeatAfter));
            at = at.AddHours(hours);
        }
    }

    [Fact]
    public void However_often_it_was_said_the_next_time_can_be_told()
    {
        var mark = new ReportMark(int.MaxValue, Noon);

        Assert.True(mark.NextAt(TimeSpan.FromDays(30)) > Noon);
    }

    private static Verification Resend(Verification open, DateTimeOffset at) =>
        Assert.IsType<SendDecision.Send>(open.RequestSend(open.Command(), at, Rules)).Next;
}
