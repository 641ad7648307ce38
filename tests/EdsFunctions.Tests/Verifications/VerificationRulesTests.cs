namespace EdsFunctions.Tests.Verifications;

/// <summary>The rules of a verification. Most tests compare the whole record.</summary>
public sealed class VerificationRulesTests
{
    private static readonly SendRules Rules = new(
        ResendCooldown: TimeSpan.FromMinutes(1),
        AbandonedAfter: TimeSpan.FromSeconds(80),
        DispatchDeadline: TimeSpan.FromSeconds(30),
        ExpireAfter: TimeSpan.FromDays(7),
        MaxSendsPerOwnerPerHour: 20);
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly AttachAttempt Attempt = new("cn-hangzhou+dir-1", Noon, By: null);
    private static readonly EcdError Refusal = new("NoPermission", 403, "R-2");
    private static readonly EcdError GatewayTimeout = new("GatewayTimeout", 504, "R-5");
    private static readonly EcdOutcome<EcdResponse> Accepted = new EcdResponse("R-1");
    private static readonly EcdOutcome<EcdResponse> Rejected = new EcdFailure.Rejected(Refusal);
    private static readonly EcdOutcome<EcdResponse> NotSent = new EcdFailure.NotSent("no connection");
    private static readonly EcdOutcome<EcdResponse> Unknown = new EcdFailure.Unknown("no response", GatewayTimeout);

    private static Verification Sending => A.Verification.By("alice", "first").Record(Noon);

    private static Verification Pending => Sending.ApplyOutcome(1, Accepted, Noon.AddSeconds(1));

    [Fact]
    public void Begin_NewVerification_IsSendingAndItsIdContainsTheTime()
    {
        var command = A.Verification.By("alice", "first").Request();

        var sending = Verification.Begin(command, Noon);

        Assert.Equal(
            new Verification
            {
                Id = sending.Id,
                Target = command.Target,
                State = VerificationState.Sending,
                CreatedAt = Noon,
                SendStartedAt = Noon,
                WaitingSince = Noon,
                SendCount = 1,
                RequestedBy = "alice",
                Note = "first",
            },
            sending);
        Assert.Equal(7, sending.Id.Version);
        var later = A.Verification.Record(Noon.AddMilliseconds(1));
        Assert.True(string.CompareOrdinal(sending.Id.ToString(), later.Id.ToString()) < 0);
    }

    [Fact]
    public void ApplyOutcome_Accepted_IsPending()
    {
        var sending = Sending;

        Assert.Equal(
            sending with { State = VerificationState.Pending, RequestId = "R-1" },
            sending.ApplyOutcome(1, Accepted, Noon.AddSeconds(1)));
    }

    [Theory]
    [InlineData(SendFailureKind.Rejected, VerificationState.Failed)]
    [InlineData(SendFailureKind.NotSent, VerificationState.Failed)]
    [InlineData(SendFailureKind.Unknown, VerificationState.Unknown)]
    public void ApplyOutcome_FirstSendNotAccepted_ClosesUnlessTheOutcomeIsUnknown(
        SendFailureKind failure, VerificationState state)
    {
        var sending = Sending;
        var at = Noon.AddSeconds(2);

        Assert.Equal(
            sending with { State = state, LastFailure = Failure(failure), ClosedAt = state.IsOpen() ? null : at },
            sending.ApplyOutcome(1, Outcome(failure), at));
    }

    [Theory]
    [InlineData("00:01:19.9999999", true)]
    [InlineData("00:01:20", false)]
    [InlineData("-00:15:00", true)]
    [InlineData("-00:15:00.0000001", false)]
    public void ResendOrClose_WhileASendOrAttachmentIsInProgress_IsRefused(string ago, bool inProgress)
    {
        var now = Noon + Time(ago);
        var (sending, attaching) = (Sending, (Pending with { WaitingSince = Noon.AddHours(-1) }).BeginAttach(Attempt));

        Assert.Equal(inProgress, sending.IsSendInProgress(now, Rules));
        Assert.Equal(inProgress, attaching.IsAttachInProgress(now, Rules));
        Assert.False(Pending.IsSendInProgress(now, Rules));
        foreach (var busy in new[] { sending, attaching })
        {
            var decision = busy.Resend(by: null, note: null, now, Rules);
            var closing = busy.Close(VerificationState.Cancelled, by: null, note: null, now, Rules);

            Assert.Equal(inProgress ? (int?)null : 2, decision.Next?.SendCount);
            Assert.Equal(inProgress, decision.Result is SendVerification.Result.InProgress);
            Assert.Equal(inProgress ? (VerificationState?)null : VerificationState.Cancelled, closing.Next?.State);
            Assert.Equal(inProgress, closing.Result is CloseVerification.Result.InProgress);
        }
    }

    /// <summary>
    /// If the clock is a little behind, the whole cooldown applies. A time far in the future does not block sends.
    /// </summary>
    [Theory]
    [InlineData("00:00:00", "00:01:00")]
    [InlineData("00:00:59", "00:00:01")]
    [InlineData("00:00:59.9999999", "00:00:00.0000001")]
    [InlineData("00:01:00", null)]
    [InlineData("-00:15:00", "00:01:00")]
    [InlineData("-00:15:00.0000001", null)]
    public void Resend_WithinTheCooldown_ReturnsTheWait(string since, string? wait)
    {
        var decision = Pending.Resend(by: null, note: null, Noon + Time(since), Rules);

        Assert.Equal(
            wait is null ? (TimeSpan?)null : Time(wait),
            (decision.Result as SendVerification.Result.TooSoon)?.RetryAfter);
        Assert.Equal(wait is null, decision.Next is not null);
    }

    [Fact]
    public void Resend_AfterAnAbandonedSend_CountsItForTheCooldown()
    {
        var rules = Rules with { ResendCooldown = TimeSpan.FromMinutes(10) };
        var abandoned = Resend(Pending, Noon.AddHours(1));
        var now = Noon.AddHours(1).AddMinutes(2);

        foreach (var one in new[] { abandoned, abandoned.TimeOutAbandonedSend(now, rules)! })
        {
            var decision = one.Resend(by: null, note: null, now, rules);

            var tooSoon = Assert.IsType<SendVerification.Result.TooSoon>(decision.Result);
            Assert.Equal(TimeSpan.FromMinutes(8), tooSoon.RetryAfter);
        }
    }

    [Fact]
    public void Resend_WithoutCooldownOrAfterASendThatWasNotSent_IsAllowedAtOnce()
    {
        var failed = Resend(Pending, Noon.AddHours(1)).ApplyOutcome(2, NotSent, Noon.AddHours(1));

        Assert.NotNull(failed.Resend(by: null, note: null, Noon.AddHours(1), Rules).Next);
        Assert.NotNull(
            Pending
                .Resend(by: null, note: null, Noon.AddSeconds(1), Rules with { ResendCooldown = TimeSpan.Zero })
                .Next);
    }

    [Theory]
    [InlineData("00:00:30", true)]
    [InlineData("00:00:30.0000001", false)]
    [InlineData("-01:00:00", false)]
    public void MayDispatch_AfterTheDeadline_IsFalse(string ago, bool mayDispatch) =>
        Assert.Equal(mayDispatch, Sending.MayDispatch(Noon + Time(ago), Rules));

    [Theory]
    [InlineData(null, null)]
    [InlineData("bob", null)]
    [InlineData(null, "second")]
    public void Resend_AfterTheCooldown_KeepsWhatTheCallerDoesNotReplace(string? by, string? note)
    {
        var refused = Resend(Pending, Noon.AddHours(1)).ApplyOutcome(2, Rejected, Noon.AddHours(1));
        var decision = refused.Resend(by, note, Noon.AddHours(2), Rules);

        Assert.Equal(
            refused with
            {
                State = VerificationState.Sending,
                StateBefore = VerificationState.Pending,
                WaitingSinceBefore = Noon,
                SendStartedAt = Noon.AddHours(2),
                SendCount = 3,
                RequestedBy = by ?? "alice",
                Note = note ?? "first",
                LastFailure = null,
            },
            decision.Next);
    }

    [Fact]
    public void ApplyOutcome_ResendAccepted_RestartsTheWait()
    {
        var resent = Resend(Pending.MarkReported(Noon.AddHours(1)), Noon.AddHours(2));

        Assert.Equal(
            resent with
            {
                State = VerificationState.Pending,
                RequestId = "R-9",
                WaitingSince = Noon.AddHours(2),
                Reported = null,
            },
            resent.ApplyOutcome(2, new EcdResponse("R-9"), Noon.AddHours(2)));
    }

    /// <summary>
    /// If a resend results in no e-mail, the e-mail before the resend counts, and is reported as before.
    /// </summary>
    [Theory]
    [InlineData(SendFailureKind.Rejected)]
    [InlineData(SendFailureKind.NotSent)]
    [InlineData(SendFailureKind.Unknown)]
    public void ApplyOutcome_ResendNotAccepted_StaysOpen(SendFailureKind failure)
    {
        var resent = Resend(Pending.MarkReported(Noon.AddMinutes(30)), Noon.AddHours(1));

        Assert.Equal(
            failure == SendFailureKind.Unknown
                ? resent with
                {
                    State = VerificationState.Unknown,
                    WaitingSince = Noon.AddHours(1),
                    LastFailure = Failure(failure),
                    Reported = null,
                }
                : resent with { State = VerificationState.Pending, LastFailure = Failure(failure) },
            resent.ApplyOutcome(2, Outcome(failure), Noon.AddHours(1)));
    }

    [Fact]
    public void ApplyOutcome_ResendNotSentAfterAnUnknownOne_StaysUnknown()
    {
        var unknown = Resend(Pending, Noon.AddMinutes(30)).ApplyOutcome(2, Unknown, Noon.AddMinutes(30));

        var failed = Resend(unknown, Noon.AddHours(1)).ApplyOutcome(3, NotSent, Noon.AddHours(1));

        Assert.Equal((VerificationState.Unknown, Noon.AddMinutes(30)), (failed.State, failed.WaitingSince));
    }

    [Fact]
    public void TimeOutAbandonedSend_AfterTheLimit_IsUnknown()
    {
        var resent = Resend(Pending, Noon.AddHours(1));

        Assert.Null(resent.TimeOutAbandonedSend(Noon.AddHours(1).AddSeconds(80).AddTicks(-1), Rules));
        var timedOut = resent.TimeOutAbandonedSend(Noon.AddHours(1).AddSeconds(80), Rules);
        Assert.Equal((VerificationState.Unknown, Noon.AddHours(1)), (timedOut?.State, timedOut?.WaitingSince));
        Assert.Equal(SendFailureKind.Unknown, timedOut?.LastFailure?.Kind);
        Assert.Contains(
            "before it recorded Alibaba's response", timedOut?.LastFailure?.Reason, StringComparison.Ordinal);
        Assert.Null(Pending.TimeOutAbandonedSend(Noon.AddDays(1), Rules));
    }

    [Fact]
    public void ApplyOutcome_AfterTheSendTimedOut_IsApplied()
    {
        var late = Noon.AddHours(1).AddSeconds(90);
        var first = Sending.TimeOutAbandonedSend(late, Rules)!;
        var second = Resend(Pending, Noon.AddHours(1)).TimeOutAbandonedSend(late, Rules)!;

        Assert.Equal(VerificationState.Pending, first.ApplyOutcome(1, Accepted, late).State);
        Assert.Equal(VerificationState.Failed, first.ApplyOutcome(1, Rejected, late).State);
        foreach (var nothingSent in new[] { Rejected, NotSent })
        {
            var failed = second.ApplyOutcome(2, nothingSent, late);

            Assert.Equal((VerificationState.Pending, Noon), (failed.State, failed.WaitingSince));
        }
    }

    [Fact]
    public void ApplyOutcome_RecordWithoutWaitingSinceBefore_KeepsWaitingSince()
    {
        var sending = Resend(Pending, Noon.AddHours(1)) with { WaitingSinceBefore = null };

        Assert.Equal(Noon, sending.ApplyOutcome(2, Rejected, Noon.AddHours(1)).WaitingSince);
    }

    /// <summary>
    /// A repeat of the send gets its response from the record, so the record must not look as if the send succeeded.
    /// </summary>
    [Fact]
    public void Close_AbandonedSend_KeepsTheUnknownOutcome()
    {
        var closed = Sending.Close(VerificationState.Completed, "bob", note: null, Noon.AddMinutes(2), Rules).Next!;

        Assert.Equal((VerificationState.Completed, SendFailureKind.Unknown), (closed.State, closed.LastFailure?.Kind));
    }

    [Fact]
    public void ApplyOutcome_SendWasCompletedReplacedOrClosed_ChangesNothing()
    {
        var timedOut = Sending.TimeOutAbandonedSend(Noon.AddSeconds(80), Rules)!;
        var cancelled = timedOut
            .Close(VerificationState.Cancelled, by: null, note: null, Noon.AddMinutes(2), Rules).Next!;
        // The state is unknown because of the first send. The second send did not reach Alibaba.
        var unknown = Resend(timedOut, Noon.AddHours(1)).ApplyOutcome(2, NotSent, Noon.AddHours(1));
        Assert.Equal(VerificationState.Unknown, unknown.State);

        (Verification, int)[] cases =
            [(Pending, 1), (Resend(timedOut, Noon.AddMinutes(3)), 1), (cancelled, 1), (unknown, 2)];
        foreach (var (one, send) in cases)
        {
            Assert.Same(one, one.ApplyOutcome(send, Accepted, Noon.AddHours(1)));
            Assert.Same(one, one.ApplyOutcome(send, Unknown, Noon.AddHours(1)));
        }
    }

    [Theory]
    [InlineData(VerificationState.Completed)]
    [InlineData(VerificationState.Cancelled)]
    public void Close_OpenVerification_IsClosedOnce(VerificationState state)
    {
        var decision = Pending.Close(state, "bob", "handed over", Noon.AddHours(1), Rules);

        var closed = Assert.IsType<Verification>(decision.Next);
        Assert.Equal(state, closed.State);
        Assert.Equal((Noon.AddHours(1), "bob", "handed over"), (closed.ClosedAt, closed.ClosedBy, closed.ClosingNote));
        Assert.IsType<CloseVerification.Result.AlreadyClosed>(
            closed.Close(state, by: null, note: null, Noon.AddHours(2), Rules).Result);
    }

    [Fact]
    public void Expire_AfterTheLimit_IsExpiredUnlessASendIsInProgress()
    {
        var pending = Pending;

        Assert.Null(pending.Expire(Noon + Week - TimeSpan.FromTicks(1), Week));
        var expired = pending.Expire(Noon + Week, Week)!;
        Assert.Equal(pending with { State = VerificationState.Expired, ClosedAt = Noon + Week }, expired);
        Assert.Null(Sending.Expire(Noon + Week, Week));
        Assert.Null(expired.Expire(Noon + Week, Week));
    }

    [Fact]
    public void Expire_WhileTheCenMayBeBeingAttached_IsNull()
    {
        var now = Noon.AddDays(8);
        Verification Attaching(TimeSpan ago) => Pending.BeginAttach(Attempt with { StartedAt = now - ago });

        Assert.Null(Attaching(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1)).Expire(now, Week));
        Assert.Equal(VerificationState.Expired, Attaching(TimeSpan.FromMinutes(15)).Expire(now, Week)?.State);
    }

    [Fact]
    public void IsStale_AtTheThreshold_IsTrue()
    {
        var threshold = TimeSpan.FromMinutes(30);

        Assert.False(Pending.IsStale(Noon + threshold - TimeSpan.FromTicks(1), threshold));
        Assert.True(Pending.IsStale(Noon + threshold, threshold));
        Assert.False(Sending.ApplyOutcome(1, Rejected, Noon).IsStale(Noon + threshold, threshold));
    }

    [Fact]
    public void NextAt_AfterEachReminder_DoublesTheWait()
    {
        var repeatAfter = TimeSpan.FromHours(4);
        var verification = Pending;
        var at = Noon;
        Assert.Null(verification.GetReminder(channel: null));

        for (var count = 1; count <= 4; count++)
        {
            verification = verification.MarkReported(at);
            Assert.Equal(new ReminderState(count, at), verification.Reported);
            var next = at.AddHours(4 << (count - 1));
            Assert.Equal(next, verification.GetReminder(channel: null)!.NextAt(repeatAfter));
            at = next;
        }
    }

    [Theory]
    [InlineData(VerificationState.Pending, 0)]
    [InlineData(VerificationState.Cancelled, 0)]
    [InlineData(VerificationState.Failed, -60)]
    public void LastMailAt_FailedVerification_IsTheMailBefore(VerificationState state, int minutes) => Assert.Equal(
        Noon.AddMinutes(minutes), (Pending with { State = state, MailBefore = Noon.AddHours(-1) }).LastMailAt);

    [Theory]
    [InlineData(VerificationState.Pending, "30.00:00:00", true)]
    [InlineData(VerificationState.Failed, "1.23:59:59", true)]
    [InlineData(VerificationState.Failed, "2.00:00:00", false)]
    [InlineData(VerificationState.Cancelled, "00:00:00", false)]
    public void IsCurrent_OpenOrFailedLately_IsTrue(
        VerificationState state, string after, bool isCurrent) => Assert.Equal(
        isCurrent,
        (Pending with { State = state, ClosedAt = state.IsOpen() ? null : Noon }).IsCurrent(Noon + Time(after)));

    [Theory]
    [InlineData(true, SendFailureKind.Rejected, true)]
    [InlineData(true, SendFailureKind.NotSent, true)]
    [InlineData(true, SendFailureKind.Unknown, false)]
    [InlineData(false, SendFailureKind.Rejected, false)]
    public void IsFailureUnreported_UndeliveredCertainFailure_IsTrueUntilItIsReported(
        bool undelivered, SendFailureKind kind, bool isUnreported)
    {
        var failed = Pending with { OutcomeUndelivered = undelivered, LastFailure = Failure(kind) };

        Assert.Equal(isUnreported, failed.IsFailureUnreported("ops"));
        Assert.False(failed.MarkFailureReported(Noon, "ops").IsFailureUnreported("ops"));
        Assert.False((failed with { LastFailure = null }).IsFailureUnreported("ops"));
    }

    [Fact]
    public void Mark_FailureExpiryOrOtherChannel_KeepsTheReminders()
    {
        var reported = Pending.MarkReported(Noon, "ops").MarkReported(Noon.AddHours(4), "ops");

        Assert.Equal(
            new ReminderState(2, Noon.AddHours(4), FailedSend: 1),
            reported.MarkFailureReported(Noon.AddHours(5), "ops").GetReminder("ops"));
        Assert.Equal(
            new ReminderState(3, Noon.AddHours(5), Final: true),
            reported.MarkFinalNotice(Noon.AddHours(5), "ops").GetReminder("ops"));
        Assert.Equal(
            new ReminderState(0, Noon, FailedSend: 1), Pending.MarkFailureReported(Noon, "ops").GetReminder("ops"));
        Assert.Equal(reported.GetReminder("ops"), reported.MarkReported(Noon, "on-call").GetReminder("ops"));
    }

    [Theory]
    [InlineData(SendFailureKind.NotSent, null, true)]
    [InlineData(SendFailureKind.Rejected, "Throttling.User", true)]
    [InlineData(SendFailureKind.Rejected, "NoPermission", false)]
    [InlineData(SendFailureKind.Unknown, "Throttling.User", false)]
    [InlineData(SendFailureKind.Unknown, null, false)]
    public void MayPass_NothingWasSentForATemporaryReason_IsTrue(SendFailureKind kind, string? code, bool mayPass) =>
        Assert.Equal(mayPass, new SendFailure(kind, "x", code is null ? null : new EcdError(code, 400)).MayPass);

    [Fact]
    public void IsAttachInProgress_Accepted_EndsAfterAnHour()
    {
        var attaching = Pending.BeginAttach(Attempt with { AcceptedAt = Noon });

        Assert.True(attaching.IsAttachInProgress(Noon.AddHours(1).AddTicks(-1), Rules));
        Assert.False(attaching.IsAttachInProgress(Noon.AddHours(1), Rules));
    }

    /// <summary>The response to the latest send arrives while the CEN is being attached with an earlier code.</summary>
    [Fact]
    public void ApplyOutcome_RefusedWhileTheCenIsBeingAttached_ChangesNothing()
    {
        var attaching = Sending.ApplyOutcome(1, Unknown, Noon).BeginAttach(Attempt);

        Assert.Same(attaching, attaching.ApplyOutcome(1, Rejected, Noon.AddMinutes(2)));
    }

    [Fact]
    public void BeginCheck_EachTime_KeepsTheTime()
    {
        var first = Pending.BeginCheck(Noon).Next!;
        var second = first.BeginCheck(Noon.AddMinutes(1)).Next!;

        Assert.Equal([Noon], first.CheckTimes!);
        Assert.Equal([Noon, Noon.AddMinutes(1)], second.CheckTimes!);
    }

    [Fact]
    public void BeginCheck_SixthInTenMinutes_WaitsUntilTheFirstIsTenMinutesAgo()
    {
        var checkedFiveTimes = Enumerable.Range(0, 5).Aggregate(
            Pending, (current, minute) => current.BeginCheck(Noon.AddMinutes(minute)).Next!);

        Assert.Equal(
            new CodeUseResult.TooManyChecks(checkedFiveTimes, TimeSpan.FromMinutes(1)),
            checkedFiveTimes.BeginCheck(Noon.AddMinutes(9)).Result);
        Assert.Equal(5, checkedFiveTimes.BeginCheck(Noon.AddMinutes(10)).Next!.CheckTimes!.Count);
    }

    [Fact]
    public void Resend_Closed_IsRefused()
    {
        var closed = Pending with { State = VerificationState.Cancelled, ClosedAt = Noon };

        Assert.Equal(
            new SendVerification.Result.AlreadyClosed(closed),
            closed.Resend(by: null, note: null, Noon.AddHours(1), Rules).Result);
    }

    /// <summary>
    /// A new check or attachment removes the saved late reply, because its own reply will be the latest.
    /// </summary>
    [Fact]
    public void BeginCheckOrAttach_AfterALateReply_RemovesIt()
    {
        var late = Pending with { LateReply = new LateReply(Noon, "rejected") };

        Assert.Null(late.BeginCheck(Noon).Next!.LateReply);
        Assert.Null(late.BeginAttach(new AttachAttempt("cn-hangzhou+dir-1", Noon, By: null)).LateReply);
    }

    [Fact]
    public void Resend_AfterAnUndeliveredOutcome_ClearsIt() =>
        Assert.False(Resend(Pending with { OutcomeUndelivered = true }, Noon.AddHours(1)).OutcomeUndelivered);

    [Fact]
    public void NextAt_NotReportedAsStaleYet_IsNow() =>
        Assert.Equal(Noon, new ReminderState(0, Noon).NextAt(TimeSpan.FromMinutes(1)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 32_768)]
    [InlineData(17, 65_536)]
    [InlineData(18, 65_536)]
    [InlineData(int.MaxValue, 65_536)]
    public void NextAt_AfterSixteenDoublings_KeepsTheWait(int count, int times) =>
        Assert.Equal(Noon.AddMinutes(times), new ReminderState(count, Noon).NextAt(TimeSpan.FromMinutes(1)));

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static EcdOutcome<EcdResponse> Outcome(SendFailureKind failure) => failure switch
    {
        SendFailureKind.Rejected => Rejected,
        SendFailureKind.NotSent => NotSent,
        _ => Unknown,
    };

    private static SendFailure Failure(SendFailureKind failure) => failure switch
    {
        SendFailureKind.Rejected => new(failure, "Alibaba Cloud rejected the request: NoPermission", Refusal),
        SendFailureKind.NotSent => new(failure, "no connection"),
        _ => new(failure, "no response", GatewayTimeout),
    };

    private static Verification Resend(Verification open, DateTimeOffset at) =>
        Assert.IsType<Verification>(open.Resend(by: null, note: null, at, Rules).Next);
}
