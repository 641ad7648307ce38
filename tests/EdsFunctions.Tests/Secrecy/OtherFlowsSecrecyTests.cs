namespace EdsFunctions.Tests.Secrecy;

/// <summary>
/// The flows beside the send: bad input, looking, closing, reporting, and what only the web server gets to see.
/// </summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class OtherFlowsSecrecyTests
{
    private static readonly long Owner = WatchedApp.Owners[0];

    /// <summary>The id of an owner where it does not belong, though a caller may well put it there.</summary>
    private static readonly string[] Misplaced =
    [
        $$"""{"regionId":"{{Owner}}","cenId":"cen-a"}""",
        $$"""{"regionId":{{Owner}},"cenId":"cen-a"}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"{{Owner}}"}""",
        $$"""{"regionId":"cn-hangzhou","cenId":{{Owner}}}""",
        $$"""{"regionId":"cn-hangzhou","cenId":["cen-a","{{Owner}}"]}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":"acs:ram::{{Owner}}:root"}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":{{Owner}}.5}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":[{{Owner}}]}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":"{{Owner}}","CenOwnerId":{{WatchedApp.Owners[1]}}}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","owner":"{{Owner}}"}""",
        $$"""{"regionId":"cn-hangzhou","verifyCodeAction":"{{Owner}}"}""",
        $$"""{"regionId":"cn-hangzhou","extraInfo":"{{Owner}}"}""",
        $$"""{"regionId":"cn-hangzhou","extraInfo":{{Owner}}}""",
        $$"""{"regionId":"cn-hangzhou","extraInfo":"{\"cenOwnerId\":{{Owner}}"}""",
        $$"""{"regionId":"cn-hangzhou","extraInfo":{"cenId":"{{Owner}}","cenOwnerId":"x{{Owner}}"} }""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":{{Owner}},"extraInfo":{"cenId":"cen-b","cenOwnerId":1} }""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","requestedBy":{{Owner}}}""",
        $$"""{"regionId":"cn-hangzhou","cenId":"cen-a","note":"{{Owner}}\u0000"}""",
        $$"""{"regionId":"cn-hangzhou" "cenOwnerId":{{Owner}}}""",
        $$"""{{Owner}}""",
        $$"""not json, {{Owner}}""",
        $$"""["{{Owner}}"]""",
    ];

    [Fact]
    public async Task Bad_input_with_an_owner_where_none_belongs()
    {
        await using var app = await WatchedApp.StartAsync();
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);

        foreach (var body in Misplaced)
        {
            (await app.Api.PostAsync("verifications", body)).ShouldBe(400);
            (await app.Api.PostAsync("verifications", body, "text/plain")).ShouldBe(415);
            (await app.Api.PostAsync($"verifications/{Guid.NewGuid()}/complete", body)).ShouldBe(400);
        }

        app.ShouldHaveShownNothing();
    }

    [Theory]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","{0}":"owner"}""")]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","owner{0}":1}""")]
    [InlineData("""{"regionId":"cn-hangzhou","extraInfo":{"{0}":"cen-a"}}""")]
    public async Task An_owner_that_is_given_as_the_name_of_a_field(string body)
    {
        await using var app = await WatchedApp.StartAsync();

        (await app.Api.PostAsync("verifications", body.Replace("{0}", $"{Owner}", StringComparison.Ordinal))).ShouldBe(400);

        app.ShouldHaveShownNothing();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a key with spaces ")]
    public async Task An_idempotency_key_that_is_refused(string prefix)
    {
        await using var app = await WatchedApp.StartAsync();
        var key = prefix + app.FreshKey() + (prefix.Length == 0 ? new string('k', 255) : "");

        (await app.Api.SendAsync(A.Verification.OwnedBy(Owner), key)).ShouldBeProblem(400, "invalid-request", "Idempotency-Key");

        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task Looking_closing_and_reporting()
    {
        await using var app = await WatchedApp.StartAsync();
        var sent = new List<ApiResponse>();
        foreach (var owner in WatchedApp.Owners)
        {
            sent.Add((await app.Api.SendAsync(A.Verification.OwnedBy(owner).By("alice"), app.FreshKey())).ShouldBe(201));
        }

        var orphan = A.Verification.OwnedBy(Owner).Record(app.Now);
        await app.Store.CreateAsync(orphan, key: null, TestContext.Current.CancellationToken);

        (await app.Api.GetAsync("verifications?limit=1")).ShouldBe(200);
        (await app.Api.GetAsync($"verifications?after={sent[0].Id}&state=open&regionId=cn-hangzhou&olderThan=PT0S"))
            .ShouldBe(200);
        (await app.Api.PostAsync($"verifications/{sent[0].Id}/complete", """{"by":"bob","note":"attached"}""")).ShouldBe(200);
        (await app.Api.PostAsync($"verifications/{sent[0].Id}/cancel", null)).ShouldBeProblem(409, "verification-closed");
        (await app.Api.PostAsync($"verifications/{sent[1].Id}/cancel", null)).ShouldBe(200);
        (await app.Api.PostAsync($"verifications/{orphan.Id}/cancel", null)).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.GetAsync($"verifications/{Guid.NewGuid()}")).ShouldBeProblem(404, "verification-not-found");

        // The orphan is given up, a digest is said twice, and then all expire.
        app.Shift(TimeSpan.FromHours(1));
        (await app.Api.GetAsync("reports/stale")).ShouldBe(200);
        await app.RunReportAsync();
        app.Shift(TimeSpan.FromHours(5));
        await app.RunReportAsync();
        app.Shift(TimeSpan.FromDays(8));
        await app.RunReportAsync();

        Assert.Equal(5, (await app.Api.GetAsync("verifications?state=closed")).Json.GetProperty("items").GetArrayLength());
        (await app.Api.GetAsync("openapi.json")).ShouldBe(200);
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task Good_health()
    {
        await using var app = await WatchedApp.StartAsync();

        (await app.Api.GetAsync("health")).ShouldBe(200);

        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task A_store_that_is_not_there()
    {
        using var nowhere = new SqliteVerificationStore("/proc/none/verifications.db");
        await using var app = await WatchedApp.StartAsync(
            configure: services => services.AddSingleton<IVerificationStore>(nowhere));

        (await app.Api.GetAsync("health")).ShouldBe(503);
        (await app.Api.SendAsync(A.Verification.OwnedBy(Owner), app.FreshKey())).ShouldBeProblem(500, "internal-error");
        Assert.False(await app.RunReportAsync());

        app.ShouldHaveShownNothing();
    }

    /// <summary>
    /// The web server describes what it was asked at levels and to sources that the app does not collect: those filters are
    /// what is tested here, so they are in force, and activities of others are not heard.
    /// </summary>
    [Fact]
    public async Task What_only_the_web_server_sees()
    {
        await using var app = await WatchedApp.StartAsync(ownFilters: true);
        (await app.Api.SendAsync(A.Verification.OwnedBy(Owner), app.FreshKey())).ShouldBe(201);

        foreach (var path in new[] { $"verifications/{Owner}", $"{Owner}", $"{Owner}/verifications?x={Owner}" })
        {
            (await app.Api.GetAsync(path)).ShouldBe(404);
        }

        (await app.Api.PostAsync("verifications", "{}", $"text/{Owner}")).ShouldBe(415);

        foreach (var name in new[] { "cenOwnerId", "regionId", "limit", "after", "olderThan", "state", $"{Owner}" })
        {
            (await app.Api.GetAsync($"verifications?{name}={Owner}")).ShouldBeProblem(400, "invalid-request");
        }

        var key = app.FreshKey();
        await app.AskAsync($"POST /api/verifications HTTP/1.1\r\nHost: a\r\nIdempotency-Key {key}\r\n\r\n");
        await app.AskAsync($"POST /api/verifications HTTP/1.1\r\nHost: a\r\nIdempotency-Key: {key}\u0000\r\n\r\n");
        await app.AskAsync($"POST /api/verifications HTTP/1.1\r\nHost: {key}/{Owner}\r\n\r\n");
        await app.AskAsync($"{Owner} /api/verifications{Owner}\r\n\r\n");

        app.ShouldHaveShownNothing();
    }
}
