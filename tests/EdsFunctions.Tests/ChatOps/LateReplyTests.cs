using EdsFunctions.Tests.Alibaba;
using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>The first reply to a command that takes too long, and the delivery of its result as a late reply.</summary>
public class LateReplyTests
{
    private static readonly RawHttpReply Rejected = EcdReplies.Refused(403, "Forbidden.RAM");

    [Theory]
    [InlineData("FindKeyAsync")]
    [InlineData("GetTargetAsync")]
    [InlineData("WriteAsync")]
    public async Task Reply_LateBeforeTheRecord_DoesNotMentionSending(string slow)
    {
        await using var late = await LateChatSession.OpenAsync(slow);

        var reply = await late.SendLateAsync($"send {A.FreshCen()}");

        Assert.Contains("longer than usual", reply, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "ending", reply.Replace("pending", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(await late.RecordsAsync());
        Assert.Empty(late.Gateway.Requests);
    }

    [Fact]
    public async Task Reply_LateForPending_DoesNotMentionSending()
    {
        await using var late = await LateChatSession.OpenAsync(nameof(IVerificationStore.ListCurrentAsync));

        var reply = await late.SendLateAsync("pending");

        Assert.DoesNotContain("Still sending", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileACommandRuns_WaitsForItsRecord()
    {
        await using var late = await LateChatSession.OpenAsync();
        await late.SendLateAsync($"send {A.FreshCen()}");
        var background = late.Session.App.Services.GetRequiredService<BackgroundWork>();

        var stop = background.StoppedAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        late.Release();
        await stop.WithTimeoutAsync();

        Assert.Equal(VerificationState.Failed, Assert.Single(await late.RecordsAsync()).State);
        await late.Network.NextAsync();
        await background.StoppedAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LateReply_NotDeliverableAfterAFailedSend_IsReportedOnce()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(
            settings: FakeChannel.Settings(ops), network: RawHttpReply.Create(404, "text/plain", "gone"));
        using var metrics = new CapturedMetrics(late.Session.App.Services);
        await late.SendLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();
        var failed = Assert.Single(await late.RecordsAsync());

        for (var run = 0; run < 3; run++)
        {
            await late.Session.App.RunReportAsync();
        }

        Assert.Equal((VerificationState.Failed, true), (failed.State, failed.OutcomeUndelivered));
        Assert.Contains(failed.Ref, Assert.Single(ops.Messages), StringComparison.Ordinal);
        Assert.Contains(
            failed.Id.ToString(), Assert.Single(late.Session.App.Logged(eventId: 303)), StringComparison.Ordinal);
        Assert.Equal(1, metrics.Sum("eds.verifications.closed", ("state", "failed")));
    }

    /// <summary>
    /// After a failed resend, the verification stays open. Later reports nevertheless name it as stale and as expired.
    /// </summary>
    [Fact]
    public async Task LateReply_NotDeliverableAfterAFailedResend_IsReportedOnce()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(
            settings: FakeChannel.Settings(ops), network: RawHttpReply.Create(404, "text/plain", "gone"));
        var pending = await late.Session.App.RecordPendingAsync();
        late.Session.App.Time.Advance(TimeSpan.FromMinutes(5));
        await late.SendLateAsync($"resend {pending.Ref}");
        late.Release();
        await late.StopAsync();
        var resent = Assert.Single(await late.RecordsAsync());

        foreach (var wait in new[] { TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(7) })
        {
            await late.Session.App.RunReportAsync(wait);
        }

        Assert.Equal((VerificationState.Pending, true, 2), (resent.State, resent.OutcomeUndelivered, resent.SendCount));
        Assert.Equal(
            ["Codes not sent", "Stale verifica", "Verifications ", "No stale verif"],
            ops.Headlines.Select(headline => headline[..14]));
        Assert.All(
            ops.Messages.SkipLast(1),
            message => Assert.Contains(pending.Ref, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LateReply_Delivered_IsNotReported()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(settings: FakeChannel.Settings(ops));
        await late.SendLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();

        await late.Session.App.RunReportAsync();

        Assert.Contains("Alibaba Cloud rejected", (await late.Network.NextAsync()).Body, StringComparison.Ordinal);
        Assert.False(Assert.Single(await late.RecordsAsync()).OutcomeUndelivered);
        Assert.Empty(ops.Requests);
    }

    /// <summary>
    /// The platform does not respond to the late reply, so the code after the reply never runs, as if the process
    /// crashed.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("WriteAsync")]
    public async Task LateReply_CrashBeforeDelivery_IsReported(string? slow)
    {
        var crashed = new TaskCompletionSource();
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(slow, FakeChannel.Settings(ops), deliver: crashed.Task);
        await late.SendLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.Network.NextAsync();

        await late.Session.App.RunReportAsync();
        var records = await late.RecordsAsync();
        crashed.SetResult();

        var failed = Assert.Single(records);
        Assert.Equal((VerificationState.Failed, true), (failed.State, failed.OutcomeUndelivered));
        Assert.Contains(failed.Ref, Assert.Single(ops.Messages), StringComparison.Ordinal);
    }

    /// <summary>A verification with an unknown outcome stays open, and is reported as stale.</summary>
    [Fact]
    public async Task LateReply_NotDeliverableAfterAnUnknownOutcome_IsReportedAsStaleOnly()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(
            settings: FakeChannel.Settings(ops),
            network: RawHttpReply.Create(404, "text/plain", "gone"),
            alibaba: EcdReplies.Refused(500, "InternalError"));
        await late.SendLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();

        await late.Session.App.RunReportAsync();
        Assert.Empty(ops.Requests);
        await late.Session.App.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Equal(VerificationState.Unknown, Assert.Single(await late.RecordsAsync()).State);
        Assert.StartsWith("Stale verifications", Assert.Single(ops.Headlines), StringComparison.Ordinal);
    }

    /// <summary>
    /// The late reply cannot be delivered: Teams gives no URL for it, and Slack no longer accepts it.
    /// </summary>
    [Theory]
    [InlineData("Teams", 403, "check 8e6a 192.168.7.0/24 739182")]
    [InlineData("Teams", 403, "attach 8e6a cn-hangzhou+dir-2051660961 739182")]
    [InlineData("Slack", 402, "check 8e6a 192.168.7.0/24 739182")]
    [InlineData("Slack", 402, "attach 8e6a cn-hangzhou+dir-2051660961 739182")]
    public async Task LateReply_NotDeliverableAfterAUseOfACode_IsShown(string platform, int eventId, string command)
    {
        await using var late = await LateChatSession.OpenAsync(
            platform: platform, network: RawHttpReply.Create(404, "text/plain", "gone"));
        await late.Session.RecordPendingAsync("8e6a3b70");

        var reply = await late.SendLateAsync(command);
        late.Release();
        await late.StopAsync();
        var shown = await late.Session.SendAsync("show 8e6a3b70");

        Assert.Contains("show 8e6a3b70", reply, StringComparison.Ordinal);
        Assert.Contains("Alibaba Cloud rejected the request", shown, StringComparison.Ordinal);
        Assert.Contains("Forbidden.RAM", shown, StringComparison.Ordinal);
        Assert.Contains(
            $"to {platform}", Assert.Single(late.Session.App.Logged(eventId)), StringComparison.Ordinal);
    }

    /// <summary>
    /// The late reply of an attachment that started later is saved before the late reply of the check.
    /// </summary>
    [Fact]
    public async Task LateReply_NotDeliverableAfterALaterUseOfACode_ShowsTheLaterResult()
    {
        await using var late = await LateChatSession.OpenAsync(
            network: RawHttpReply.Create(404, "text/plain", "gone"));
        await late.Session.RecordPendingAsync("8e6a3b70");
        await late.SendLateAsync("check 8e6a 192.168.7.0/24 739182");
        var services = late.Session.App.Services;
        var (id, key) = (Assert.Single(await late.RecordsAsync()).Id, IdempotencyKey.Create("later"));
        var attempt = new AttachAttempt("cn-hangzhou+dir-1", late.Session.App.Time.GetUtcNow(), "bob");
        var attachments = services.GetRequiredService<Attachments>();
        var (started, _) = await attachments.StartAsync(
            id, attempt.OfficeSiteId, (found, _) => found.BeginAttach(attempt), key, CancellationToken.None);
        await attachments.ReleaseAsync(started!, attempt, new EcdFailure.NotSent("no connection"));
        await services.GetRequiredService<UndeliveredReplies>().SaveAsync(id, key, "The later result");

        late.Release();
        await late.StopAsync();
        var shown = await late.Session.SendAsync("show 8e6a3b70");

        Assert.Contains("The later result", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Forbidden.RAM", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_LateBeforeTheVerificationIsFound_SaysWhatToType()
    {
        await using var late = await LateChatSession.OpenAsync(
            nameof(IVerificationStore.FindByRefAsync), platform: "Teams");

        var reply = await late.SendLateAsync("check 739182 192.168.7.0/24 8e6a");

        Assert.Contains("type show and the reference", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("739182", reply, StringComparison.Ordinal);
    }

    /// <summary>
    /// The app with a chat platform, by default Slack. A call of the store or, without one, of Alibaba does not return
    /// until the test releases it.
    /// </summary>
    private sealed class LateChatSession(
        ChatSession session,
        RawHttpServer gateway,
        RawHttpServer network,
        TaskCompletionSource reached,
        TaskCompletionSource gate) : IAsyncDisposable
    {
        private IVerificationStore? inner;

        public ChatSession Session => session;

        public RawHttpServer Gateway => gateway;

        public RawHttpServer Network => network;

        public static async Task<LateChatSession> OpenAsync(
            string? slow = null,
            Dictionary<string, string?>? settings = null,
            RawHttpReply? network = null,
            RawHttpReply? alibaba = null,
            Task? deliver = null,
            string platform = "Slack")
        {
            var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
            var gateway = RawHttpServer.Start(async _ =>
            {
                reached.TrySetResult();
                await gate.Task;
                return alibaba ?? Rejected;
            });
            var slack = RawHttpServer.Start(async _ =>
            {
                await (deliver ?? Task.CompletedTask);
                return network ?? RawHttpReply.Create(200, "text/plain", "ok");
            });
            IVerificationStore? store = null;
            var session = await ChatSession.OpenAsync(
                platform,
                new(settings ?? []) { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" },
                services =>
                {
                    var registered = services.Single(service => service.ServiceType == typeof(IVerificationStore));
                    services.Remove(registered);
                    services.AddSingleton(provider => StoreDecorator.Create(
                        store = (IVerificationStore)registered.ImplementationFactory!(provider),
                        async (method, call) =>
                        {
                            if (method == slow)
                            {
                                reached.TrySetResult();
                                await gate.Task;
                            }

                            await call();
                        }));
                    services.AddHttpClient(MessageSender.HttpClientName)
                        .ConfigurePrimaryHttpMessageHandler(() => new SlackHandler(slack.Url));
                });
            // Create the store now: the app would create it at its first use.
            _ = session.App.Store;
            return new LateChatSession(session, gateway, slack, reached, gate) { inner = store };
        }

        public async Task<string> SendLateAsync(string text)
        {
            var reply = session.SendAsync(text);
            await reached.Task.WithTimeoutAsync();
            session.App.Time.Advance(TimeSpan.FromSeconds(2.5));
            return await reply.WithTimeoutAsync();
        }

        /// <summary>The records, read directly from the store, without the calls that do not return.</summary>
        public Task<IReadOnlyList<Verification>> RecordsAsync() => inner!.ListAsync(
            new VerificationQuery(null, null, null, null, 10), TestContext.Current.CancellationToken).ReadableAsync();

        public void Release() => gate.TrySetResult();

        public Task StopAsync() => session.App.Services.GetRequiredService<BackgroundWork>()
            .StoppedAsync(TestContext.Current.CancellationToken).WithTimeoutAsync();

        public async ValueTask DisposeAsync()
        {
            Release();
            await StopAsync();
            await session.DisposeAsync();
            await gateway.DisposeAsync();
            await network.DisposeAsync();
        }

        /// <summary>Sends requests for Slack's host to the server of the test.</summary>
        private sealed class SlackHandler(Uri server)
            : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            protected override Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request, CancellationToken cancellationToken)
            {
                if (request.RequestUri!.Host == "hooks.slack.com")
                {
                    request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
                }

                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}
