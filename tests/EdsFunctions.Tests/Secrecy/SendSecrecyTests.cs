namespace EdsFunctions.Tests.Secrecy;

/// <summary>Whatever becomes of a send, no secret, code, key or whole owner id is seen on any way out of the app.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class SendSecrecyTests
{
    /// <summary>What a gateway, or something on the way to it, may repeat of the request.</summary>
    private static readonly string Echo =
        $"VENDOR-MESSAGE {WatchedApp.SecurityToken} {WatchedApp.Owners[0]} {WatchedApp.AccessKeySecret}";

    private static Dictionary<string, (RawHttpReply Reply, int Status)> Echoes { get; } = new()
    {
        ["a refusal"] = (
            Json(400, $$"""{"RequestId":"R-1","Code":"InvalidParameter","Message":"{{Echo}}","HostId":"{{Echo}}"}"""), 502),
        ["a wrong signature"] = (Json(400, $$"""{"RequestId":"R-1","Code":"SignatureDoesNotMatch","Message":"{{Echo}}"}"""), 502),
        ["a refused token"] = (
            Json(400, $$"""{"RequestId":"R-1","Code":"InvalidSecurityToken.Expired","Message":"{{Echo}}"}"""), 502),
        ["a denial"] = (
            Json(403, $$"""
            {
              "RequestId": "R-1", "Code": "Forbidden.RAM", "Message": "{{Echo}}",
              "AccessDeniedDetail": { "AuthPrincipalOwnerId": "{{WatchedApp.Owners[0]}}", "AuthAction": "ecd:SendVerifyCode" }
            }
            """),
            502),
        ["a code that is none"] = (Json(400, $$"""{"RequestId":"R-1","Code":"{{Echo}}"}"""), 504),
        ["a request id that is none"] = (Json(200, $$"""{"RequestId":"{{Echo}}"}"""), 504),
        ["an action that is none"] = (
            Json(403, $$"""{"RequestId":"R-1","Code":"Forbidden.RAM","AccessDeniedDetail":{"AuthAction":"{{Echo}}"} }"""), 504),
        ["XML"] = (
            RawHttpReply.Answers(400, "text/xml", $"<Error><Code>BadRequest</Code><Message>{Echo}</Message></Error>"), 502),
        ["a page of a proxy"] = (RawHttpReply.Answers(502, "text/html", $"<h1>{Echo}</h1>", ("Via", Echo)), 504),
        ["a header"] = (
            RawHttpReply.Answers(404, "application/json", "{}", ("x-acs-retry-after", Echo), ("Set-Cookie", Echo)), 504),
        ["a redirection"] = (RawHttpReply.Answers(302, "text/html", Echo, ("Location", "http://127.0.0.1:9/?x=" + Echo)), 504),
        ["no HTTP"] = (new RawHttpReply(Echo + "\r\n\r\n", RawHttpReply.Ending.Close), 504),
        ["half an answer"] = (Json(200, $$"""{"Message":"{{Echo}}","RequestId":"R-1"}""").CutTo(160), 504),
    };

    public static TheoryData<string> WaysToEcho => [.. Echoes.Keys];

    [Fact]
    public async Task A_send_and_all_its_repeats()
    {
        await using var app = await WatchedApp.StartAsync();
        foreach (var owner in WatchedApp.Owners)
        {
            var (key, verification) = (app.FreshKey(), A.Verification.OwnedBy(owner).By("alice", "office in Hangzhou"));
            (await app.Api.SendAsync(verification, key)).ShouldBe(201);
            (await app.Api.SendAsync(verification, key)).ShouldBe(201);
            (await app.Api.SendAsync(verification.By("bob"), key)).ShouldBeProblem(422, "idempotency-key-reused");
            (await app.Api.SendAsync(verification, app.FreshKey())).ShouldBeProblem(429, "verification-cooldown");
            (await app.Api.PostAsync("verifications", OwnForm(verification.CenId, owner, asText: true))).ShouldBe(429);
            app.Shift(TimeSpan.FromMinutes(1));
            var ownForm = OwnForm(verification.CenId, owner, asText: false);
            (await app.Api.PostAsync("verifications", ownForm, idempotencyKey: app.FreshKey())).ShouldBe(200);
        }

        Assert.Equal(2 * WatchedApp.Owners.Count, app.Alibaba.Outbox.Messages.Count);
        Assert.True(app.DatabaseHoldsOwners());
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task A_send_that_another_one_is_in_the_way_of()
    {
        await using var app = await WatchedApp.StartAsync();
        var (key, verification) = (app.FreshKey(), A.Verification.OwnedBy(WatchedApp.Owners[0]));
        var record = verification.Record(app.Now);
        var entry = IdempotencyEntry.Of(IdempotencyKey.Of(key, verification.Command()), record);
        await app.Store.CreateAsync(record, entry, TestContext.Current.CancellationToken);

        (await app.Api.SendAsync(verification)).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.SendAsync(verification, key)).ShouldBeProblem(409, "verification-in-progress");
        app.Shift(TimeSpan.FromMinutes(5));
        (await app.Api.SendAsync(verification, key)).ShouldBeProblem(504, "outcome-unknown");
        await app.RunReportAsync();
        (await app.Api.SendAsync(verification, key)).ShouldBeProblem(504, "outcome-unknown");

        app.ShouldHaveShownNothing();
    }

    [Theory]
    [InlineData(FaultKind.Throttle, 503)]
    [InlineData(FaultKind.Unavailable, 504)]
    [InlineData(FaultKind.Hang, 504)]
    [InlineData(FaultKind.CloseBeforeWork, 504)]
    [InlineData(FaultKind.CloseAfterWork, 504)]
    [InlineData(FaultKind.Malformed, 504)]
    [InlineData(FaultKind.Denied, 502)]
    public async Task A_send_that_Alibaba_spoils(FaultKind fault, int status)
    {
        await using var app = await WatchedApp.StartAsync();
        app.Alibaba.Faults.Add(new Fault(fault, Times: 3));
        var (key, verification) = (app.FreshKey(), A.Verification.OwnedBy(WatchedApp.Owners[1]));

        var spoiled = (await app.Api.SendAsync(verification, key)).ShouldBe(status);

        (await app.Api.SendAsync(verification, key)).ShouldBe(status);
        await SeeItEverywhereAsync(app, spoiled.Id);
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task A_signature_that_does_not_match_though_Alibaba_repeats_what_was_signed()
    {
        await using var app = await WatchedApp.StartAsync(alibabasSecret: "another-secret");

        var refused = await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[2]), app.FreshKey());

        Assert.Equal("SignatureDoesNotMatch", refused.ShouldBeProblem(502, "alibaba-refused")["alibabaCode"]);
        await SeeItEverywhereAsync(app, refused.Id);
        app.ShouldHaveShownNothing();
    }

    [Theory]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI-unknown", "InvalidAccessKeyId.NotFound")]
    [InlineData("ALIBABA_CLOUD_SECURITY_TOKEN", "", "InvalidSecurityToken.MismatchWithAccessKey")]
    public async Task Credentials_that_Alibaba_does_not_know(string name, string value, string code)
    {
        await using var app = await WatchedApp.StartAsync(new() { [name] = value });

        var refused = await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[2]), app.FreshKey());

        Assert.Equal(code, refused.ShouldBeProblem(502, "alibaba-refused")["alibabaCode"]);
        await SeeItEverywhereAsync(app, refused.Id);
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task A_clock_that_is_off()
    {
        await using var app = await WatchedApp.StartAsync();
        app.SetAlibabasClockOff(TimeSpan.FromHours(2));

        var refused = await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]), app.FreshKey());

        Assert.Equal("InvalidTimeStamp.Expired", refused.ShouldBeProblem(502, "alibaba-refused")["alibabaCode"]);
        await SeeItEverywhereAsync(app, refused.Id);
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task An_Alibaba_that_cannot_be_reached()
    {
        using var nobody = new DeafPort();
        await using var app = await WatchedApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = nobody.Url.ToString() });
        var (key, verification) = (app.FreshKey(), A.Verification.OwnedBy(WatchedApp.Owners[3]));

        var failed = (await app.Api.SendAsync(verification, key)).ShouldBeProblem(503, "not-sent");

        (await app.Api.SendAsync(verification, key)).ShouldBeProblem(503, "not-sent");
        await SeeItEverywhereAsync(app, failed.Id);
        app.ShouldHaveShownNothing();
    }

    [Theory]
    [MemberData(nameof(WaysToEcho))]
    public async Task An_answer_that_repeats_the_request(string way)
    {
        await using var alibaba = RawHttpServer.Start(Echoes[way].Reply);
        await using var app = await WatchedApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = alibaba.Url.ToString() });

        var answered = await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]), app.FreshKey());

        answered.ShouldBe(Echoes[way].Status);
        await SeeItEverywhereAsync(app, answered.Id);
        app.ShouldHaveShownNothing();
    }

    /// <summary>What was recorded comes back in every other answer, and in the report.</summary>
    private static async Task SeeItEverywhereAsync(WatchedApp app, Guid id)
    {
        (await app.Api.GetAsync($"verifications/{id}")).ShouldBe(200);
        (await app.Api.GetAsync("verifications")).ShouldBe(200);
        app.Shift(TimeSpan.FromHours(1));
        (await app.Api.GetAsync("reports/stale")).ShouldBe(200);
        await app.RunReportAsync();
    }

    private static string OwnForm(string cenId, long owner, bool asText)
    {
        var extraInfo = $$"""{"cenOwnerId":"{{owner}}","cenId":"{{cenId}}"}""";
        return $$"""
            {
              "RegionId": "cn-hangzhou", "VerifyCodeAction": "eds_cenID_securityverification",
              "ExtraInfo": {{(asText ? System.Text.Json.JsonSerializer.Serialize(extraInfo) : extraInfo)}}
            }
            """;
    }

    private static RawHttpReply Json(int status, string body) => RawHttpReply.Answers(status, "application/json", body);
}
