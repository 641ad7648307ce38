using EdsFunctions.Tests.Alibaba;
using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>What is said of a command that takes longer than its reply may wait, and what becomes of it.</summary>
public class LateReplyTests
{
    private static readonly RawHttpReply Refused = EcdReplies.Refused(403, "Forbidden.RAM");

    [Theory]
    [InlineData("FindKeyAsync")]
    [InlineData("GetTargetAsync")]
    [InlineData("WriteAsync")]
    public async Task Reply_LateBeforeTheRecord_SaysNothingOfSending(string slow)
    {
        await using var late = await LateChatSession.OpenAsync(slow);

        var reply = await late.SayAndBeLateAsync($"send {A.FreshCen()}");

        Assert.Contains("longer than usual", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("ending", reply.Replace("pending", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(await late.RecordsAsync());
        Assert.Empty(late.Gateway.Requests);
    }

    /// <summary>The reply names the reference although the store has stopped responding.</summary>
    [Fact]
    public async Task Reply_LateAfterTheRecord_NamesTheReference()
    {
        await using var late = await LateChatSession.OpenAsync();

        var reply = await late.SayAndBeLateAsync($"send {A.FreshCen()}");

        Assert.Contains("Still sending", reply, StringComparison.Ordinal);
        Assert.Contains($"show {Assert.Single(await late.RecordsAsync()).Ref}", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_LateForASendThatIsNotAllowed_SaysNothingOfSending()
    {
        await using var late = await LateChatSession.OpenAsync(nameof(IVerificationStore.ListCurrentAsync));

        var reply = await late.SayAndBeLateAsync("pending");

        Assert.DoesNotContain("Still sending", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileACommandGoesOn_WaitsForItsRecord()
    {
        await using var late = await LateChatSession.OpenAsync();
        await late.SayAndBeLateAsync($"send {A.FreshCen()}");
        var background = late.Room.App.Services.GetRequiredService<BackgroundWork>();

        var stop = background.StoppedAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        late.Release();
        await stop.SoonAsync();

        Assert.Equal(VerificationState.Failed, Assert.Single(await late.RecordsAsync()).State);
        await late.Network.NextAsync();
        await background.StoppedAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A request that ends while the web server stops may add work.</summary>
    [Fact]
    public async Task Stop_WorkIsAddedMeanwhile_WaitsForItToo()
    {
        await using var app = await EdsApp.StartAsync();
        var background = app.Services.GetRequiredService<BackgroundWork>();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        background.Add(first.Task);

        var stopped = background.StoppedAsync(TestContext.Current.CancellationToken);
        background.Add(second.Task);
        first.SetResult();
        Assert.False(stopped.IsCompleted);
        second.SetResult();

        await stopped.SoonAsync();
    }

    /// <summary>Both hosts register the services in this way.</summary>
    [Theory]
    [InlineData(null, 30)]
    [InlineData("00:00:20", 50)]
    public void ShutdownTimeout_IsTheBudgetAndTenSeconds(string? timeout, int seconds)
    {
        using var host = AppServices.Build(new() { ["Alibaba:Timeout"] = timeout }, TimeProvider.System, _ => { });

        Assert.Equal(TimeSpan.FromSeconds(seconds), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task LateAnswer_ThatCannotBeDelivered_IsReportedOnceIfTheSendFailed()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(settings: FakeChannel.Settings(ops), network: RawHttpReply.Create(404, "text/plain", "gone"));
        using var metrics = new CapturedMetrics(late.Room.App.Services);
        await late.SayAndBeLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();
        var failed = Assert.Single(await late.RecordsAsync());

        for (var run = 0; run < 3; run++)
        {
            await late.Room.App.RunReportAsync();
        }

        Assert.Equal((VerificationState.Failed, true), (failed.State, failed.Unanswered));
        Assert.Contains(failed.Ref, Assert.Single(ops.Messages), StringComparison.Ordinal);
        Assert.Contains(failed.Id.ToString(), Assert.Single(late.Room.App.Logged(eventId: 303)), StringComparison.Ordinal);
        Assert.Equal(1, metrics.Sum("eds.verifications.closed", ("state", "failed")));
    }

    /// <summary>The verification stays open. It is reported later as stale and as expired all the same.</summary>
    [Fact]
    public async Task LateAnswer_ThatCannotBeDelivered_IsReportedOnceIfAResendFailed()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(settings: FakeChannel.Settings(ops), network: RawHttpReply.Create(404, "text/plain", "gone"));
        var pending = await late.Room.App.RecordPendingAsync();
        late.Room.App.Time.Advance(TimeSpan.FromMinutes(5));
        await late.SayAndBeLateAsync($"resend {pending.Ref}");
        late.Release();
        await late.StopAsync();
        var resent = Assert.Single(await late.RecordsAsync());

        foreach (var wait in new[] { TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(7) })
        {
            await late.Room.App.RunReportAsync(wait);
        }

        Assert.Equal((VerificationState.Pending, true, 2), (resent.State, resent.Unanswered, resent.SendCount));
        Assert.Equal(["Codes that were", "Verifications t", "Given up after ", "All clear: no v"], ops.Headlines.Select(headline => headline[..15]));
        Assert.All(ops.Messages.SkipLast(1), said => Assert.Contains(pending.Ref, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task LateAnswer_ThatIsDelivered_IsNotReported()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(settings: FakeChannel.Settings(ops));
        await late.SayAndBeLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();

        await late.Room.App.RunReportAsync();

        Assert.Contains("Alibaba refused", (await late.Network.NextAsync()).Body, StringComparison.Ordinal);
        Assert.False(Assert.Single(await late.RecordsAsync()).Unanswered);
        Assert.Empty(ops.Requests);
    }

    /// <summary>
    /// The platform does not respond to the late answer, so that nothing after it is done: as if the process had been
    /// killed there.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("WriteAsync")]
    public async Task LateAnswer_ProcessIsKilledBeforeItIsDelivered_IsReportedIfTheSendFailed(string? slow)
    {
        var killed = new TaskCompletionSource();
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(slow, FakeChannel.Settings(ops), deliver: killed.Task);
        await late.SayAndBeLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.Network.NextAsync();

        await late.Room.App.RunReportAsync();
        var records = await late.RecordsAsync();
        killed.SetResult();

        var failed = Assert.Single(records);
        Assert.Equal((VerificationState.Failed, true), (failed.State, failed.Unanswered));
        Assert.Contains(failed.Ref, Assert.Single(ops.Messages), StringComparison.Ordinal);
    }

    /// <summary>It stays open, and is reported as stale.</summary>
    [Fact]
    public async Task LateAnswer_ThatCannotBeDelivered_IsNotReportedAsFailedIfTheOutcomeIsUnknown()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var late = await LateChatSession.OpenAsync(
            settings: FakeChannel.Settings(ops),
            network: RawHttpReply.Create(404, "text/plain", "gone"),
            alibaba: EcdReplies.Refused(500, "InternalError"));
        await late.SayAndBeLateAsync($"send {A.FreshCen()}");
        late.Release();
        await late.StopAsync();

        await late.Room.App.RunReportAsync();
        Assert.Empty(ops.Requests);
        await late.Room.App.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Equal(VerificationState.Unknown, Assert.Single(await late.RecordsAsync()).State);
        Assert.StartsWith("Verifications that wait", Assert.Single(ops.Headlines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_AfterAFailure_ListsItForAnHour()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await session.SayAsync($"send {A.FreshCen()}");
        var failed = Assert.Single(await session.App.RecordsAsync());

        session.App.Time.Advance(TimeSpan.FromHours(1));
        var pending = await session.SayAsync("pending");
        Assert.Contains("Not sent in the last hour: 1", pending, StringComparison.Ordinal);
        Assert.Contains(failed.Ref, pending, StringComparison.Ordinal);

        session.App.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(failed.Ref, await session.SayAsync("pending"), StringComparison.Ordinal);
    }

    /// <summary>The store is read page by page.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pending_BehindManyRecords_ListsWhatIsNew(bool areOpen)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var before = session.App.Time.GetUtcNow();
        EcdOutcome<EcdResponse> outcome = areOpen ? new EcdResponse("R-1") : new EcdFailure.NotSent("no connection");
        await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ =>
            session.App.Store.WriteAsync(A.Verification.Record(before).ApplyOutcome(1, outcome, before))));
        session.App.Time.Advance(TimeSpan.FromHours(2));
        var open = await session.App.RecordPendingAsync();
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await session.SayAsync($"send {A.FreshCen()}");

        var pending = await session.SayAsync("pending");

        Assert.Contains($"Open verifications: {(areOpen ? "the first 19" : "1")}", pending, StringComparison.Ordinal);
        Assert.Contains("Not sent in the last hour: 1", pending, StringComparison.Ordinal);
        Assert.Contains("not sent", pending, StringComparison.Ordinal);
        Assert.Equal(!areOpen, pending.Contains(open.Ref, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not sent")]
    [InlineData("cancelled")]
    [InlineData("done")]
    public async Task Show_ReferenceOfAClosedOne_FindsIt(string state)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        if (state == "not sent")
        {
            session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        }

        await session.SayAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await session.App.RecordsAsync());
        if (state != "not sent")
        {
            await session.SayAsync($"{(state == "done" ? "done" : "cancel")} {sent.Ref}");
        }

        var shown = await session.SayAsync($"show {sent.Ref[..6]}");

        Assert.Contains(sent.Ref, shown, StringComparison.Ordinal);
        Assert.Contains(state, shown, StringComparison.Ordinal);
    }

    /// <summary>A Slack channel in which a call of the store, or else Alibaba, does not respond until it is released.</summary>
    private sealed class LateChatSession(ChatSession session, RawHttpServer gateway, RawHttpServer network, TaskCompletionSource reached, TaskCompletionSource gate)
        : IAsyncDisposable
    {
        private IVerificationStore? inner;

        public ChatSession Room => session;

        public RawHttpServer Gateway => gateway;

        public RawHttpServer Network => network;

        public static async Task<LateChatSession> OpenAsync(
            string? slow = null,
            Dictionary<string, string?>? settings = null,
            RawHttpReply? network = null,
            RawHttpReply? alibaba = null,
            Task? deliver = null)
        {
            var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
            var gateway = RawHttpServer.Start(async _ =>
            {
                reached.TrySetResult();
                await gate.Task;
                return alibaba ?? Refused;
            });
            var slack = RawHttpServer.Start(async _ =>
            {
                await (deliver ?? Task.CompletedTask);
                return network ?? RawHttpReply.Create(200, "text/plain", "ok");
            });
            IVerificationStore? store = null;
            var session = await ChatSession.OpenAsync(
                "Slack",
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
            // The app creates it on first use.
            _ = session.App.Store;
            return new LateChatSession(session, gateway, slack, reached, gate) { inner = store };
        }

        public async Task<string> SayAndBeLateAsync(string text)
        {
            var reply = session.SayAsync(text);
            await reached.Task.SoonAsync();
            session.App.Time.Advance(TimeSpan.FromSeconds(2.5));
            return await reply.SoonAsync();
        }

        /// <summary>What is on record, whatever the store of the app waits for.</summary>
        public Task<IReadOnlyList<Verification>> RecordsAsync() => inner!.ListAsync(
            new VerificationQuery(null, null, null, null, 10), TestContext.Current.CancellationToken).ReadableAsync();

        public void Release() => gate.TrySetResult();

        public Task StopAsync() =>
            session.App.Services.GetRequiredService<BackgroundWork>().StoppedAsync(TestContext.Current.CancellationToken).SoonAsync();

        public async ValueTask DisposeAsync()
        {
            Release();
            await StopAsync();
            await session.DisposeAsync();
            await gateway.DisposeAsync();
            await network.DisposeAsync();
        }

        /// <summary>Sends what is for Slack's own host to a server of the test.</summary>
        private sealed class SlackHandler(Uri server) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
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
