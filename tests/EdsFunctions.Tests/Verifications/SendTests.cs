namespace EdsFunctions.Tests.Verifications;

/// <summary>Requests for codes, from HTTP to the simulator and the store.</summary>
public sealed class SendTests
{
    [Fact]
    public async Task Send_Accepted_Returns201AndIsPending()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification.By("alice", "new office in Hangzhou");

        var sent = await app.Api.SendAsync(verification);

        sent.ShouldBe(201);
        Assert.Equal("pending", sent["state"]);
        Assert.Equal($"/api/verifications/{sent.Id}", sent.Header("Location"));
        var mail = Assert.Single(app.Alibaba.Outbox.Messages);
        Assert.Equal(verification.CenId, mail.CenId);
        Assert.Equal(sent["requestId"], mail.RequestId);
        var found = await app.Api.GetAsync(sent.Id);
        Assert.Equal(sent.Text.Replace(",\"sent\":true", "", StringComparison.Ordinal), found.ShouldBe(200).Text);
        Assert.Equal("alice", found["requestedBy"]);
        Assert.Equal("new office in Hangzhou", found["note"]);
    }

    [Fact]
    public async Task Send_WhileASendIsInProgress_Returns409()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        app.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var first = app.Api.SendAsync(verification);
        await WaitUntilAsync(() => app.Alibaba.Requests.Items.Count == 1);

        var second = await app.Api.SendAsync(verification);

        second.ShouldBeProblem(409, "verification-in-progress");
        Assert.Equal(VerificationState.Sending, Assert.Single(await app.RecordsAsync()).State);
        app.Time.Advance(TimeSpan.FromSeconds(10));
        var unknown = await first;
        unknown.ShouldBeProblem(504, "outcome-unknown");
        Assert.Equal(second.Id, unknown.Id);
        Assert.Single(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task Resend_AfterTheCooldown_SendsOneMoreEMail()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var first = await app.Api.SendAsync(verification);
        Task<ApiResponse> ResendAsync() =>
            app.Api.PostAsync($"verifications/{first.Id}/resend", """{"requestedBy":"bob"}""");
        app.Time.Advance(TimeSpan.FromSeconds(20.5));

        var tooSoon = await ResendAsync();
        app.Time.Advance(TimeSpan.FromSeconds(39.5));
        var open = (await app.Api.SendAsync(verification)).ShouldBe(200);
        Assert.Equal(
            (first.Id, "False", $"/api/verifications/{first.Id}/resend"), (open.Id, open["sent"], open["resend"]));
        Assert.Single(app.Alibaba.Outbox.Messages);
        var second = await ResendAsync();

        tooSoon.ShouldBeProblem(429, "verification-cooldown");
        Assert.Equal((first.Id, "40"), (tooSoon.Id, tooSoon.Header("Retry-After")));
        Assert.Equal(
            (first.Id, "2", "bob", "True"),
            (second.ShouldBe(200).Id, second["sendCount"], second["requestedBy"], second["sent"]));
        Assert.NotEqual(first["requestId"], second["requestId"]);
        Assert.Equal(2, app.Alibaba.Outbox.Messages.Count);
    }

    [Theory]
    [InlineData("denied", "alibaba-refused", "Forbidden.RAM")]
    [InlineData("throttle", "alibaba-throttled", "Throttling.User")]
    public async Task Send_RefusedByAlibaba_ReturnsCodeAndRequestId(string fault, string type, string code)
    {
        await using var app = await EdsApp.StartAsync(realTime: true);
        var verification = A.Verification;
        app.Alibaba.Faults.Add(new Fault(Enum.Parse<FaultKind>(fault, ignoreCase: true), Times: 3, RetryAfterMs: 1));

        var refused = await app.Api.SendAsync(verification);

        refused.ShouldBeProblem(fault == "throttle" ? 503 : 502, type);
        Assert.Equal(code, refused["alibabaCode"]);
        Assert.Equal(app.Alibaba.Requests.Items[^1].RequestId, refused["requestId"]);
        Assert.Equal(fault == "throttle" ? "1" : null, refused.Header("Retry-After"));
        Assert.Equal(fault == "throttle" ? null : "ecd:SendVerifyCode", refused["missingPermission"]);
        Assert.Equal(fault == "throttle" ? 3 : 1, app.Alibaba.Requests.Items.Count);
        Assert.Empty(app.Alibaba.Outbox.Messages);
        var record = await app.Api.GetAsync(refused.Id);
        Assert.Equal(("failed", code), (record["state"], record["lastFailure.alibabaCode"]));
    }

    [Fact]
    public async Task Send_AccessKeyRejected_Returns502WithoutTheSignature()
    {
        await using var app = await EdsApp.StartAsync(new() { ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "another" });

        var refused = await app.Api.SendAsync(A.Verification);

        refused.ShouldBeProblem(502, "alibaba-refused");
        Assert.Equal("SignatureDoesNotMatch", refused["alibabaCode"]);
        Assert.DoesNotContain("ACS3-HMAC", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Text.Contains("ACS3-HMAC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_ClockIsWrong_Returns502AndNamesTheClock()
    {
        await using var app = await EdsApp.StartAsync(configure: services =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(
                services,
                new Microsoft.Extensions.Time.Testing.FakeTimeProvider(VerificationBuilder.Noon.AddMinutes(-16))));

        var refused = await app.Api.SendAsync(A.Verification);

        refused.ShouldBeProblem(502, "alibaba-refused");
        Assert.Equal("InvalidTimeStamp.Expired", refused["alibabaCode"]);
        Assert.Contains("clock", refused["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.Unavailable, 0)]
    [InlineData(FaultKind.CloseBeforeWork, 0)]
    [InlineData(FaultKind.CloseAfterWork, 1)]
    [InlineData(FaultKind.Malformed, 1)]
    public async Task Send_NoUsableResponse_Returns504AndSendsNothingAgain(FaultKind fault, int mails)
    {
        await using var app = await EdsApp.StartAsync();
        app.Alibaba.Faults.Add(new Fault(fault));

        var unknown = await app.Api.SendAsync(A.Verification);

        unknown.ShouldBeProblem(504, "outcome-unknown");
        Assert.Contains("may have been sent", unknown["detail"], StringComparison.Ordinal);
        Assert.Single(app.Alibaba.Requests.Items);
        Assert.Equal(mails, app.Alibaba.Outbox.Messages.Count);
        Assert.Equal("unknown", (await app.Api.GetAsync(unknown.Id))["state"]);
    }

    [Fact]
    public async Task Send_AlibabaIsNotReached_Returns503AndCanBeRepeated()
    {
        await using var app = await EdsApp.StartAsync(realTime: true);
        var verification = A.Verification;
        await app.Alibaba.DisposeAsync();

        var notSent = await app.Api.SendAsync(verification);

        notSent.ShouldBeProblem(503, "not-sent");
        Assert.NotNull(notSent.Header("Retry-After"));
        Assert.Equal("failed", (await app.Api.GetAsync(notSent.Id))["state"]);
        Assert.NotEqual(notSent.Id, (await app.Api.SendAsync(verification)).Id);
    }

    [Fact]
    public async Task Send_CallerDisconnects_GoesOnToItsEnd()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        app.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        using var disconnect = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Api.BaseUrl, "/api/verifications"))
        {
            Content = new StringContent(verification.Json(), System.Text.Encoding.UTF8, "application/json"),
        };
        var call = Infrastructure.LoopbackHttp.SendAsync(request, disconnect.Token);
        await WaitUntilAsync(() => app.Alibaba.Requests.Items.Count == 1);

        await disconnect.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(VerificationState.Sending, Assert.Single(await app.RecordsAsync()).State);
        app.Time.Advance(TimeSpan.FromSeconds(10));

        await WaitUntilAsync(() => app.RecordsAsync().GetAwaiter().GetResult()[0].State == VerificationState.Unknown);
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    /// <summary>Waits until another thread has made a condition true.</summary>
    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
