namespace EdsFunctions.Tests.EndToEnd;

/// <summary>Tests the app on the Functions worker, as it is deployed.</summary>
public sealed class WorkerEndToEndTests(RunningWorker host) : EndToEndTests(host), IClassFixture<RunningWorker>
{
    [Fact]
    public async Task Timer_StaleVerification_IsReported()
    {
        var sent = (await host.Api.SendAsync(A.Verification.OwnedBy(A.FreshOwner()))).ShouldBe(201);

        // Repeat the report: it lists only twenty verifications, and the other tests of this class leave more than
        // twenty open.
        do
        {
            await host.Host.RunTimerAsync();
        }
        while ((await host.Api.GetAsync("reports/stale")).ShouldBe(200)["dueCount"] != "0");

        Assert.Equal("1", (await host.Api.GetAsync(sent.Id)).ShouldBe(200)["reportCount"]);
        Assert.Contains(sent.Id.ToString(), host.Host.Output, StringComparison.Ordinal);
    }
}

/// <summary>Tests the app on DevHost, or on the host at <c>EDS_BASE_URL</c>.</summary>
public sealed class DevHostEndToEndTests(RunningDevHost host) : EndToEndTests(host), IClassFixture<RunningDevHost>
{
    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Server_ForeignHostOrOrigin_Returns403(string header, string value)
    {
        Assert.SkipWhen(host.IsExternal, "Only loopback servers check Host and Origin.");
        Uri[] urls =
            [new(host.Api.BaseUrl, "/api/verifications"), new(host.SimulatorUrl!, "/_simulator/outbox")];
        foreach (var url in urls)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { header, value } } };
            using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }
}

/// <summary>Tests the app by HTTP. These tests run on every host.</summary>
public abstract class EndToEndTests(RunningHost host)
{
    [Fact]
    public async Task Send_NewVerification_IsListedAndCanBeCompleted()
    {
        var alibaba = host.Alibaba;
        var verification = Fresh.By("alice", "office in Hangzhou");

        var sent = await host.Api.SendAsync(verification);

        sent.ShouldBe(201);
        var mail = Assert.Single(await alibaba.MailsAsync(verification.CenId));
        Assert.Equal(sent["requestId"], mail.GetProperty("requestId").GetString());
        Assert.Equal(verification.OwnerId, mail.GetProperty("cenOwnerId").GetInt64());
        Assert.Single(await alibaba.RequestsAsync(verification.CenId));
        var listed = (await ListAsync("verifications?state=pending&limit=200"))
            .Single(item => item.GetProperty("id").GetGuid() == sent.Id);
        Assert.Equal("alice", listed.GetProperty("requestedBy").GetString());
        var completed = await host.Api.CompleteAsync(sent.Id, """{"by":"bob","note":"attached"}""");
        Assert.Equal(
            ("completed", "bob", "attached"),
            (completed.ShouldBe(200)["state"], completed["closedBy"], completed["closingNote"]));
        (await host.Api.CancelAsync(sent.Id)).ShouldBeProblem(409, "verification-closed");
    }

    [Fact]
    public async Task Attach_CodeFromTheMail_AttachesAndCompletes()
    {
        var alibaba = host.Alibaba;
        var verification = Fresh;
        var office = await alibaba.CreateOfficeAsync("cn-hangzhou");
        var sent = (await host.Api.SendAsync(verification)).ShouldBe(201);
        var code = Assert.Single(await alibaba.MailsAsync(verification.CenId)).GetProperty("code").GetString()!;
        Task<ApiResponse> CheckAsync(string cidrBlock, string verifyCode) => host.Api.PostAsync(
            $"verifications/{sent.Id}/check", $$"""{"cidrBlock":"{{cidrBlock}}","verifyCode":"{{verifyCode}}"}""");

        Assert.Equal("codeWrong", (await CheckAsync("172.16.0.0/20", "x" + code)).ShouldBe(200)["status"]);
        var conflict = (await CheckAsync("172.16.0.0/20", code)).ShouldBe(200);
        Assert.Equal(
            ("cidrConflict", "172.16.0.0/16"), (conflict["status"], conflict["conflicts.0.destinationCidrBlock"]));
        Assert.Equal(3, conflict.Json.GetProperty("freeCidrBlocks").GetArrayLength());
        Assert.Equal("fine", (await CheckAsync(conflict["freeCidrBlocks.0"]!, code)).ShouldBe(200)["status"]);
        var attached = await host.Api.PostAsync(
            $"verifications/{sent.Id}/attach",
            $$"""{"officeSiteId":"{{office}}","verifyCode":"{{code}}","by":"bob"}""");

        attached.ShouldBe(200);
        Assert.Equal(("completed", office, "bob"), (attached["state"], attached["officeSiteId"], attached["closedBy"]));
        Assert.Equal(verification.CenId, await alibaba.GetAttachedCenAsync(office));
        var report = (await host.Api.GetAsync("reports/stale")).ShouldBe(200);
        Assert.DoesNotContain(sent.Id.ToString(), report.Text, StringComparison.Ordinal);
        Assert.Equal("completed", (await host.Api.GetAsync(sent.Id)).ShouldBe(200)["state"]);
        (await host.Api.PostAsync($"verifications/{sent.Id}/attach", $$"""{"officeSiteId":"{{office}}"}"""))
            .ShouldBeProblem(409, "verification-closed");
    }

    [Fact]
    public async Task Report_VerificationOpenLongerThanTheThreshold_ListsIt()
    {
        var sent = await host.Api.SendAsync(Fresh);

        var report = await host.Api.GetAsync("reports/stale");

        report.ShouldBe(200);
        Assert.SkipWhen(
            host.IsExternal && report["thresholdSeconds"] != "0",
            $"The host reports after {report["thresholdSeconds"]} s; this test does not wait.");
        Assert.Contains(
            report.Json.GetProperty("items").EnumerateArray(),
            item => item.GetProperty("verification").GetProperty("id").GetGuid() == sent.Id);
    }

    [Fact]
    public async Task Send_VerificationIsOpen_SendsNothingAndLinksToResend()
    {
        var verification = Fresh;
        var first = (await host.Api.SendAsync(verification)).ShouldBe(201);

        var second = (await host.Api.SendAsync(verification)).ShouldBe(200);

        Assert.Equal(
            (first.Id, "False", $"/api/verifications/{first.Id}/resend"),
            (second.Id, second["sent"], second["resend"]));
        Assert.Single(await host.Alibaba.RequestsAsync(verification.CenId));
    }

    [Fact]
    public async Task Resend_WithinTheCooldown_SendsNothing()
    {
        var verification = Fresh;
        var sent = (await host.Api.SendAsync(verification)).ShouldBe(201);

        var resent = await host.Api.PostAsync($"verifications/{sent.Id}/resend", body: null);

        resent.ShouldBeProblem(429, "verification-cooldown");
        Assert.Equal(sent.Id, resent.Id);
        Assert.InRange(RetryAfter(resent), 1, 60);
        Assert.Single(await host.Alibaba.RequestsAsync(verification.CenId));
    }

    [Fact]
    public async Task Send_CancelledWithinTheCooldown_SendsNothing()
    {
        var verification = Fresh;
        var sent = (await host.Api.SendAsync(verification)).ShouldBe(201);
        (await host.Api.CancelAsync(sent.Id)).ShouldBe(200);

        var again = await host.Api.SendAsync(verification);

        again.ShouldBeProblem(429, "verification-cooldown");
        Assert.InRange(RetryAfter(again), 1, 60);
        Assert.Single(await host.Alibaba.RequestsAsync(verification.CenId));
    }

    [Fact]
    public async Task Send_TwentyFirstCenOfAnOwner_SendsNothing()
    {
        Assert.SkipWhen(host.IsExternal, "The host may have another limit.");
        var owner = A.FreshOwner();
        for (var i = 0; i < 20; i++)
        {
            var region = i % 2 == 0 ? "cn-hangzhou" : "cn-shanghai";
            var sent = await host.Api.SendAsync(A.Verification.OwnedBy(owner).InRegion(region));
            // Cancel the verification. Closed verifications count for the limit as well, and do not fill the report
            // that another test reads.
            (await host.Api.CancelAsync(sent.ShouldBe(201).Id)).ShouldBe(200);
        }

        var verification = A.Verification.OwnedBy(owner);
        var rejected = await host.Api.SendAsync(verification);

        rejected.ShouldBeProblem(429, "owner-limit");
        Assert.InRange(RetryAfter(rejected), 1, 3660);
        Assert.Empty(await host.Alibaba.RequestsAsync(verification.CenId));
        (await host.Api.SendAsync(verification.OwnedBy(A.FreshOwner()))).ShouldBe(201);
    }

    [Theory]
    [InlineData("ops-1234")]
    [InlineData("cn-nowhere")]
    public async Task Send_RegionIsNotServed_Returns400(string region)
    {
        var verification = Fresh.InRegion(region);

        (await host.Api.SendAsync(verification)).ShouldBeProblem(400, "invalid-request", "regionId");

        Assert.Empty(await host.Alibaba.RequestsAsync(verification.CenId));
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("cancel")]
    public async Task Close_RepeatedWithAnIdempotencyKey_GetsTheFirstResponse(string action)
    {
        var sent = (await host.Api.SendAsync(Fresh)).ShouldBe(201);
        var key = Guid.NewGuid().ToString();
        Task<ApiResponse> CloseAsync(string by) => host.Api.PostAsync(
            $"verifications/{sent.Id}/{action}", $$"""{"by":"{{by}}"}""", idempotencyKey: key);
        var first = (await CloseAsync("bob")).ShouldBe(200);

        var repeat = await CloseAsync("bob");

        Assert.Equal((200, first.Text, "true"), (repeat.Status, repeat.Text, repeat.Header("Idempotency-Replayed")));
        (await CloseAsync("carol")).ShouldBeProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Send_KeyOfAnotherCaller_IsAnotherRequest()
    {
        Assert.SkipWhen(host.IsExternal, "The other function keys of the host are not known.");
        var other = new ApiClient(host.Api.BaseUrl, FunctionsHost.OtherKey);
        var (verification, another) = (Fresh, Fresh);
        var key = Guid.NewGuid().ToString();
        var first = (await host.Api.SendAsync(verification, key)).ShouldBe(201);

        var second = (await other.SendAsync(another, key)).ShouldBe(201);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(second.Header("Idempotency-Replayed"));
        Assert.Single(await host.Alibaba.MailsAsync(another.CenId));
        Assert.Equal(first.Text, (await host.Api.SendAsync(verification, key)).Text);
        Assert.Equal(second.Text, (await other.SendAsync(another, key)).Text);
    }

    /// <summary>
    /// Each caller disconnects, and then repeats its request, while the first request may still be in progress.
    /// </summary>
    [Fact]
    public async Task Send_CallersDisconnect_SendsOnceForEachAndLeavesNothingSending()
    {
        var callers = Enumerable.Range(0, 30)
            .Select(_ => (Verification: Fresh, Key: Guid.NewGuid().ToString())).ToArray();
        await Task.WhenAll(callers.Select(async (caller, number) =>
        {
            using var request = host.Api.Request(
                HttpMethod.Post,
                "verifications",
                Encoding.UTF8.GetBytes(caller.Verification.Json()),
                "application/json",
                caller.Key);
            using var disconnect = new CancellationTokenSource(TimeSpan.FromMilliseconds(number), TimeProvider.System);
            try
            {
                await host.Api.SendUntilAsync(request, disconnect.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }));

        foreach (var (verification, key) in callers)
        {
            ApiResponse repeat;
            do
            {
                repeat = await host.Api.SendAsync(verification, key);
            }
            while (repeat.Status == 409);

            Assert.Equal("pending", (await host.Api.GetAsync(repeat.ShouldBe(201).Id))["state"]);
            Assert.Single(await host.Alibaba.MailsAsync(verification.CenId));
        }

        var cens = callers.Select(caller => caller.Verification.CenId).ToHashSet();
        var listed = (await ListAsync("verifications?limit=200"))
            .Where(item => cens.Contains(item.GetProperty("cenId").GetString()!)).ToArray();
        Assert.Equal(callers.Length, listed.Length);
        Assert.All(listed, item => Assert.Equal("pending", item.GetProperty("state").GetString()));
        // Cancel the verifications: a report lists only twenty, and another test looks for its own verification in the
        // report.
        await Task.WhenAll(listed.Select(item => host.Api.CancelAsync(item.GetProperty("id").GetGuid())));
    }

    [Fact]
    public async Task Check_SixthInARow_Returns429()
    {
        var verification = Fresh;
        var sent = (await host.Api.SendAsync(verification)).ShouldBe(201);
        Task<ApiResponse> CheckAsync() => host.Api.PostAsync(
            $"verifications/{sent.Id}/check", """{"cidrBlock":"172.16.0.0/20","verifyCode":"wrong1"}""");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("codeWrong", (await CheckAsync()).ShouldBe(200)["status"]);
        }

        var sixth = await CheckAsync();

        sixth.ShouldBeProblem(429, "check-limit");
        Assert.InRange(RetryAfter(sixth), 1, 600);
        Assert.Equal(6, (await host.Alibaba.RequestsAsync(verification.CenId)).Length);
    }

    [Fact]
    public async Task Send_RepeatedWithAnIdempotencyKey_GetsTheFirstResponse()
    {
        var alibaba = host.Alibaba;
        var verification = Fresh;
        var key = Guid.NewGuid().ToString();
        var first = await host.Api.SendAsync(verification, key);
        await host.Api.CancelAsync(first.Id);

        var repeat = await host.Api.SendAsync(verification, key);

        Assert.Equal(
            (201, first.Text, "true"), (repeat.Status, repeat.Text, repeat.Header("Idempotency-Replayed")));
        (await host.Api.SendAsync(verification.OwnedBy(42), key)).ShouldBeProblem(422, "idempotency-key-reused");
        Assert.Single(await alibaba.MailsAsync(verification.CenId));
    }

    [Theory]
    [InlineData("denied", 502, "alibaba-refused", "failed")]
    [InlineData("unavailable", 504, "outcome-unknown", "unknown")]
    [InlineData("closeBeforeWork", 504, "outcome-unknown", "unknown")]
    [InlineData("closeAfterWork", 504, "outcome-unknown", "unknown")]
    [InlineData("malformed", 504, "outcome-unknown", "unknown")]
    public async Task Send_AlibabaFails_ReturnsTheProblemAndSendsOnce(
        string fault, int status, string type, string state)
    {
        var alibaba = host.Alibaba;
        var verification = Fresh;
        await alibaba.AddFaultAsync(verification.CenId, fault);

        var failed = await host.Api.SendAsync(verification);

        failed.ShouldBeProblem(status, type);
        Assert.Equal(state, (await host.Api.GetAsync(failed.Id))["state"]);
        Assert.Single(await alibaba.RequestsAsync(verification.CenId));
    }

    [Fact]
    public async Task AnyRequest_InvalidInput_ReturnsTheProblem()
    {
        Task<ApiResponse> PostAsync(string body, string contentType = "application/json") =>
            host.Api.PostAsync("verifications", body, contentType);

        (await PostAsync("not json")).ShouldBeProblem(400, "invalid-request");
        (await PostAsync("""{"regionId":"evil.com/#","cenId":"cen-a"}""")).ShouldBeProblem(400, "invalid-request");
        (await PostAsync("""{"regionId":"cn-hangzhou","cenId":"cen-a","cancellationToken":"x","request":1}"""))
            .ShouldBeProblem(400, "invalid-request");
        (await PostAsync(new string(' ', 70_000))).ShouldBeProblem(413, "body-too-large");
        (await PostAsync("{}", "text/plain")).ShouldBeProblem(415, "unsupported-media-type");
        (await host.Api.GetAsync("verifications?limit=0")).ShouldBeProblem(400, "invalid-request", "limit");
        (await host.Api.GetAsync(Guid.NewGuid())).ShouldBeProblem(404, "verification-not-found");
    }

    /// <summary>Uptime monitors may request a route with HEAD: Sonarr/Sonarr#6656.</summary>
    [Theory]
    [InlineData("health")]
    [InlineData("openapi.json")]
    public async Task Head_PublicRoute_IsAsGetWithoutBody(string path)
    {
        var get = (await host.Api.GetAsync(path)).ShouldBe(200);

        var head = await host.Api.RequestAsync(HttpMethod.Head, path, null, null, null);

        Assert.Equal(
            (200, "", get.Header("Content-Type"), get.Header("Cache-Control")),
            (head.Status, head.Text, head.Header("Content-Type"), head.Header("Cache-Control")));
    }

    [Fact]
    public async Task Get_QueryWithParameterNames_IsIgnored()
    {
        var sent = await host.Api.SendAsync(Fresh);

        var found = await host.Api.GetAsync($"verifications/{sent.Id}?id=x&request=y&cancellationToken=z");

        Assert.Equal(sent.Id, found.ShouldBe(200).Id);
    }

    [Fact]
    public async Task List_SeveralPages_ReturnsEachVerificationOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            (await host.Api.SendAsync(Fresh)).ShouldBe(201);
        }

        var ids = (await ListAsync("verifications?limit=2"))
            .Select(item => item.GetProperty("id").GetString()!).ToList();

        Assert.True(ids.Count >= 3);
        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(), ids);
    }

    [Fact]
    public async Task HealthAndOpenApi_WithoutFunctionKey_Return200()
    {
        var anonymous = new ApiClient(host.Api.BaseUrl);

        Assert.Equal("healthy", (await anonymous.GetAsync("health")).ShouldBe(200)["status"]);
        var document = (await anonymous.GetAsync("openapi.json")).ShouldBe(200);
        Assert.StartsWith("3.", document["openapi"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherOperation_WithoutFunctionKey_Returns401()
    {
        var anonymous = new ApiClient(host.Api.BaseUrl);
        // DevHost requires no function key.
        var requiresKey = host.FunctionsKey is not null;

        Assert.Equal(requiresKey ? 401 : 201, (await anonymous.SendAsync(Fresh)).Status);
        Assert.Equal(requiresKey ? 401 : 200, (await anonymous.GetAsync("verifications")).Status);
        Assert.Equal(requiresKey ? 401 : 200, (await anonymous.GetAsync("reports/stale")).Status);
    }

    /// <summary>Builds a request for a CEN whose owner no other test uses.</summary>
    private static VerificationBuilder Fresh => A.Verification.OwnedBy(A.FreshOwner());

    private static int RetryAfter(ApiResponse response) =>
        int.Parse(response.Header("Retry-After")!, CultureInfo.InvariantCulture);

    /// <summary>Reads all pages of a list.</summary>
    private async Task<List<JsonElement>> ListAsync(string path)
    {
        var items = new List<JsonElement>();
        for (var next = ""; next is not null;)
        {
            var page = (await host.Api.GetAsync($"{path}{next}")).ShouldBe(200);
            items.AddRange(page.Json.GetProperty("items").EnumerateArray());
            next = page["next"] is { } after ? $"&after={after}" : null;
        }

        return items;
    }
}
