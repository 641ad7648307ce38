using EdsFunctions.Tests.Hostile;

namespace EdsFunctions.Tests.Api;

/// <summary>An invalid request is rejected with a problem that names the field, and changes nothing.</summary>
public sealed class BadInputTests(HostileInputApp fixture) : IClassFixture<HostileInputApp>
{
    private static readonly Regions Regions = new([]);

    private ApiClient Api => fixture.App.Api;

    [Theory]
    [InlineData(
        """{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":1234567890123456}""", "cen-a", 1234567890123456L)]
    [InlineData(
        """{"REGIONID":"cn-hangzhou","CenId":"cen-a","cenownerid":"1234567890123456"}""", "cen-a", 1234567890123456L)]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":null,"note":null}""", "cen-a", null)]
    [InlineData(
        """{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":9223372036854775807}""", "cen-a", long.MaxValue)]
    [InlineData(
        """{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":{"CenOwnerId":"7","CenId":"cen-a"}}""",
        "cen-a", 7L)]
    [InlineData(
        """
        {"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION",
         "ExtraInfo":"{\"cenOwnerId\":7, \"cenId\":\"cen-a\"}"}
        """,
        "cen-a", 7L)]
    [InlineData(
        """{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":"{\"cenI\\u0064\" : \"cen-a\"}"}""",
        "cen-a", null)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION"}""", null, null)]
    [InlineData("""{"RegionId":"cn-hangzhou","VerifyCodeAction":"ACTION","ExtraInfo":null}""", null, null)]
    [InlineData(
        """{"regionId":"cn-hangzhou","cenId":"cen-a","extraInfo":{"cenId":"cen-a","cenOwnerId":7}}""", "cen-a", 7L)]
    [InlineData(
        """{"regionId":"cn-hangzhou","cenId":"cen-a","cenOwnerId":7,"extraInfo":{"cenId":"cen-a","cenOwnerId":7}}""",
        "cen-a", 7L)]
    [InlineData(
        """{"\u0072egionId":"\u0063n-hangzhou","cenI\u0064":"cen\u002da","note":"\ud83d\ude00 \u676d\/\"'<>&"}""",
        "cen-a", null)]
    [InlineData(
        "\r\n\t {\n\"REGIONID\" :\t\"cn-hangzhou\"\r,\"CenId\": \"cen-a\" , \"note\"\n:\nnull } \n", "cen-a", null)]
    public void Read_EitherForm_ReturnsTheTarget(string body, string? cen, long? owner)
    {
        body = body.Replace("ACTION", "eds_cenID_securityverification", StringComparison.Ordinal);

        var request = SendRequest.Read(Encoding.UTF8.GetBytes(body), Regions, new FieldErrors());

        Assert.Equal("cn-hangzhou", request.Target.RegionId);
        Assert.Equal((cen, owner), (request.Target.CenId, request.Target.CenOwnerId?.Value));
    }

    [Fact]
    public void Read_SeveralInvalidFields_ReportsAllOfThem()
    {
        var errors = new FieldErrors();

        var body = """{"regionId":"X","cenId":"X","cenOwnerId":"X","note":1,"more":1}"""u8.ToArray();

        Assert.Throws<ProblemException>(() => SendRequest.Read(body, Regions, errors));

        Assert.Equal(["cenId", "cenOwnerId", "more", "note", "regionId"], errors.ByField.Keys);
    }

    [Theory]
    [InlineData("body", "", "   ", "not json", "{", "null", "'text'", "[{'regionId':'cn-hangzhou','cenId':'cen-a'}]")]
    [InlineData("body", "{'regionId':'cn-hangzhou','cenId':'cen-a',}", "{'regionId':'cn-hangzhou'} {}")]
    [InlineData("body", "{'regionId':'cn-hangzhou','cenId':'cen-a','\\ud800':1}")]
    [InlineData("regionId", "{}", "{'cenId':'cen-a'}")]
    [InlineData("regionId", "{'regionId':'cn-hangzhou','RegionId':'cn-hangzhou','cenId':'cen-a'}")]
    [InlineData("cenId", "{'regionId':'cn-hangzhou'}", "{'regionId':'cn-hangzhou','cenOwnerId':1234567890123456}")]
    [InlineData("owner", "{'regionId':'cn-hangzhou','cenId':'cen-a','owner':1}")]
    public Task Send_InvalidBody_NamesTheField(string field, params string[] bodies) =>
        ShouldBeRejectedAsync(field, bodies);

    [Theory]
    [InlineData(
        "regionId", "null", "1", "['cn-hangzhou']", "''", "'CN-HANGZHOU'", "'cn-hangzhou-'", "'cn-hangzhou\\n'")]
    [InlineData(
        "regionId", "'evil.com/#'", "'cn-hangzhou.evil'", "'cn-hangzhou@evil'", "'127.0.0.1:80'",
        "'cn-hangzh\\u00f6u'")]
    [InlineData("cenId", "'vpc-3weq30r6t0s7t4abcd'", "'cen-'", "'cen-ABC'", "'cen-a\\\"b'", "'cen-a\\ud800'", "{}")]
    [InlineData("cenOwnerId", "''", "' '", "'\\t'")]
    [InlineData("cenId", "''", "' '")]
    [InlineData("regionId", "' '")]
    [InlineData("verifyCodeAction", "''", "' '")]
    [InlineData("cenOwnerId", "0", "-1", "1.5", "1e3", "12345678901234567890", "true", "'12 34'", "'０１２３'", "'alice'")]
    [InlineData("requestedBy", "7", "'a\\u0000b'")]
    [InlineData("note", "'two\\nlines'", "'two\\u2028lines'")]
    [InlineData("verifyCodeAction", "'something_else'", "'EDS_CENID_SECURITYVERIFICATION'", "1")]
    public Task Send_InvalidValue_NamesTheField(string field, params string[] values) =>
        ShouldBeRejectedAsync(field, [.. values.Select(value =>
        {
            var fields = new Dictionary<string, string>
            {
                ["regionId"] = "'cn-hangzhou'",
                ["cenId"] = "'cen-a'",
                [field] = value,
            };
            return $"{{{string.Join(",", fields.Select(pair => $"'{pair.Key}':{pair.Value}"))}}}";
        })]);

    [Theory]
    [InlineData("extraInfo", "'not json'", "'[]'", "[]", "7", "'{\\\"cenId\\\":'")]
    [InlineData("extraInfo", "''", "' '")]
    [InlineData("extraInfo.cenOwnerId", "{'cenId':'cen-a','cenOwnerId':''}")]
    [InlineData("extraInfo.cenId", "{'cenId':''}")]
    [InlineData("extraInfo.cenId", "{}", "{'cenOwnerId':1234567890123456}", "{'cenId':'cen-A'}")]
    [InlineData("extraInfo.cenId", "{'cenId':'cen-a','cenid':'cen-a'}", "{'cenId':'cen-a'},'cenId':'cen-b'")]
    [InlineData(
        "extraInfo.cenOwnerId", "{'cenId':'cen-a','cenOwnerId':'x'}",
        "{'cenId':'cen-a'},'cenOwnerId':1234567890123456")]
    [InlineData("extraInfo.cenOwnerId", "{'cenId':'cen-a','cenOwnerId':7},'cenOwnerId':8")]
    [InlineData(
        "extraInfo.foreign", "{'cenId':'cen-a','foreign':1}", "'{\\\"cenId\\\":\\\"cen-a\\\",\\\"foreign\\\":1}'")]
    public Task Send_InvalidExtraInfo_NamesTheField(string field, params string[] values) =>
        ShouldBeRejectedAsync(field, [.. values.Select(extraInfo =>
            "{'RegionId':'cn-hangzhou','VerifyCodeAction':'eds_cenID_securityverification',"
            + $"'ExtraInfo':{extraInfo}}}")]);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData(null)]
    public async Task Send_BodyNotDeclaredAsJson_Returns415(string? contentType)
    {
        var rejected = await Api.PostAsync("verifications", A.Verification.Json(), contentType);

        rejected.ShouldBeProblem(415, "unsupported-media-type");
        await fixture.ShouldBeUnchangedAsync();
    }

    [Fact]
    public async Task Send_JsonOfAnyMediaTypeUpTo64KiB_IsAccepted()
    {
        await using var app = await EdsApp.StartAsync();
        var tooLong = A.Verification.Json().PadRight((64 * 1024) + 1);

        (await SendAsync(A.Verification.Json(), "application/json; charset=UTF-8")).ShouldBe(201);
        (await SendAsync(A.Verification.Json(), "application/vnd.contoso+json")).ShouldBe(201);
        (await SendAsync("\uFEFF" + A.Verification.Json())).ShouldBe(201);
        (await SendAsync(A.Verification.Json().PadRight(64 * 1024))).ShouldBe(201);
        (await SendChunkedAsync(A.Verification.Json().PadRight(64 * 1024))).ShouldBe(201);
        (await SendAsync(tooLong)).ShouldBe(413);
        (await SendAsync(tooLong.PadRight(2_000_000))).ShouldBe(413);
        (await SendChunkedAsync(tooLong)).ShouldBe(413);

        Task<ApiResponse> SendAsync(string body, string contentType = "application/json") =>
            app.Api.PostAsync("verifications", body, contentType);

        async Task<ApiResponse> SendChunkedAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Api.BaseUrl, "/api/verifications"))
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.TransferEncodingChunked = true;
            return await app.Api.SendAsync(request);
        }
    }

    /// <summary>Forms send optional fields that were left empty: sooperset/mcp-atlassian#1619.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\\t\\r\\n")]
    [InlineData("\\u3000")]
    public async Task AnyRequest_BlankOptionalText_CountsAsLeftOut(string blank)
    {
        await using var app = await EdsApp.StartAsync();
        string Texts(string by) => $$"""
            "{{by}}":"{{blank}}","note":"{{blank}}"
            """;
        var first = A.Verification;
        var second = A.Verification;

        var withBlanks = Add(first.Json(), Texts("requestedBy"));
        var sent = (await app.Api.PostAsync("verifications", withBlanks, idempotencyKey: "1")).ShouldBe(201);
        var replayed = (await app.Api.SendAsync(first, "1")).ShouldBe(201);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        var resent = (await app.Api.PostAsync($"verifications/{sent.Id}/resend", $"{{{Texts("requestedBy")}}}"))
            .ShouldBe(200);
        var completed = (await app.Api.CompleteAsync(sent.Id, $"{{{Texts("by")}}}")).ShouldBe(200);
        var other = await app.Api.SendAsync(second.By("alice", "a note"));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        var unchanged = (await app.Api.PostAsync($"verifications/{other.Id}/resend", $"{{{Texts("requestedBy")}}}"))
            .ShouldBe(200);
        var attached = (await app.Api.PostAsync(
            $"verifications/{other.Id}/attach",
            $$"""
            {"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"{{app.Alibaba.Outbox.Messages[^1].Code}}",
             "by":"{{blank}}"}
            """)).ShouldBe(200);

        Assert.Equal("true", replayed.Header("Idempotency-Replayed"));
        Assert.All(
            [sent, resent, completed],
            response => Assert.Equal((null, null), (response["requestedBy"], response["note"])));
        Assert.Equal((null, null), (completed["closedBy"], attached["closedBy"]));
        Assert.Equal(("alice", "a note"), (unchanged["requestedBy"], unchanged["note"]));

        static string Add(string json, string fields) => $"{json[..^1]},{fields}}}";
    }

    /// <summary>Common HTTP clients spell the charset in different ways: expressjs/body-parser#100.</summary>
    [Theory]
    [InlineData("application/json", "identity")]
    [InlineData("application/json", "Identity")]
    [InlineData("application/json", "identity, identity")]
    [InlineData("application/json", "")]
    [InlineData("application/json;charset=utf-8", null)]
    [InlineData("application/json; charset=UTF8", null)]
    [InlineData("application/json; charset=utf8", null)]
    [InlineData("application/json; Charset=\"utf-8\"", null)]
    [InlineData("application/json; charset=\"UTF8\"", null)]
    [InlineData("application/json; charset='utf-8'", null)]
    [InlineData("application/json; charset=utf-8;", null)]
    [InlineData("application/json ; charset = utf-8", null)]
    [InlineData("APPLICATION/JSON;CHARSET=UTF-8;profile=x", null)]
    public async Task Send_BodyDeclaredAsUtf8InAnyWay_IsAccepted(string contentType, string? encoding)
    {
        await using var app = await EdsApp.StartAsync();

        (await SendAsync(app, contentType, encoding)).ShouldBe(201);
    }

    /// <summary>
    /// A charset that is not supported (expressjs/body-parser#100), or in the wrong header (eggjs/egg#4554).
    /// </summary>
    [Theory]
    [InlineData("application/json", "gzip", "gzip")]
    [InlineData("application/json", "br", "br")]
    [InlineData("application/json", "identity, deflate", "deflate")]
    [InlineData("application/json", "UTF-8", "Content-Encoding")]
    [InlineData("application/json; charset=utf-16", null, "charset")]
    [InlineData("application/json; charset=\"latin1\"", null, "charset")]
    [InlineData("text/plain", null, "application/json")]
    public async Task Send_OtherEncoding_Returns415WithTheCause(string contentType, string? encoding, string cause)
    {
        var rejected = (await SendAsync(fixture.App, contentType, encoding))
            .ShouldBeProblem(415, "unsupported-media-type");

        Assert.Contains(cause, rejected["detail"], StringComparison.Ordinal);
        await fixture.ShouldBeUnchangedAsync();
    }

    private static async Task<ApiResponse> SendAsync(EdsApp app, string contentType, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Api.BaseUrl, "/api/verifications"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(A.Verification.Json()));
        Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType));
        if (encoding is not null)
        {
            Assert.True(request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding));
        }

        return await app.Api.SendAsync(request);
    }

    [Theory]
    [InlineData("state", "waiting", "", "0", "open%00", "sending%20or%201%3d1", "open&state=closed")]
    [InlineData("regionId", "evil.com", "%0d%0aX:1", "%ff")]
    // .NET reads 24:00:00 and 24 as 24 days: Azure/azure-webjobs-sdk-extensions#247.
    [InlineData("olderThan", "24:00:00", "36:12:00", "24", "00:90:00", "1.24:00:00", "1:00:00:00", "")]
    [InlineData("olderThan", "yesterday", "-00:01:00", "99999999999.00:00:00", "PT1E9S", "00:30:00%00", "PT30M%00")]
    [InlineData("limit", "0", "201", "ten", "5&limit=6", "1e1", "10%00", "%ef%bc%91")]
    [InlineData("after", "1", "%7B00000000-0000-0000-0000-000000000000%7D", "00000000-0000-0000-0000-000000000000%00")]
    public async Task List_InvalidQuery_NamesTheParameter(string parameter, params string[] values)
    {
        foreach (var value in values)
        {
            (await Api.GetAsync($"verifications?{parameter}={value}"))
                .ShouldBeProblem(400, "invalid-request", parameter);
        }

        (await Api.GetAsync("verifications?region=cn-hangzhou")).ShouldBeProblem(400, "invalid-request", "query");
    }

    [Fact]
    public async Task List_OlderThanADayInHours_NamesTheFormWithDays() => Assert.Contains(
        "1.00:00:00", (await Api.GetAsync("verifications?olderThan=24:00:00")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("1.00:00:00")]
    [InlineData("23:59:59")]
    [InlineData("PT24H")]
    [InlineData("P1D")]
    public async Task List_OlderThanADuration_Returns200(string duration) =>
        (await Api.GetAsync($"verifications?olderThan={duration}")).ShouldBe(200);

    [Theory]
    [InlineData("""{"by":1}""", "by")]
    [InlineData("""{"who":"me"}""", "who")]
    [InlineData("[]", "body")]
    public async Task Close_InvalidBody_LeavesTheVerificationOpen(string body, string field)
    {
        (await Api.CompleteAsync(fixture.KnownId, body)).ShouldBeProblem(400, "invalid-request", field);
        (await Api.CancelAsync(fixture.KnownId, body)).ShouldBeProblem(400, "invalid-request", field);
        await fixture.ShouldBeUnchangedAsync();
    }

    [Fact]
    public async Task AnyRequest_UnknownId_Returns404()
    {
        var id = Guid.CreateVersion7(VerificationBuilder.Noon);

        (await Api.GetAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await Api.CompleteAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await Api.CancelAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await Api.GetAsync("verifications/not-an-id")).ShouldBe(404);
    }

    /// <param name="field">The field that each problem must name.</param>
    /// <param name="bodies">
    /// The bodies in JSON, with single quotes instead of double quotes, because these are easier to read in C#.
    /// </param>
    private async Task ShouldBeRejectedAsync(string field, string[] bodies)
    {
        foreach (var body in bodies)
        {
            var rejected = await Api.PostAsync("verifications", body.Replace('\'', '"'));

            Assert.True(rejected.Status == 400, $"{rejected.Status} for {body}");
            rejected.ShouldBeProblem(400, "invalid-request", field);
        }

        await fixture.ShouldBeUnchangedAsync();
    }
}
