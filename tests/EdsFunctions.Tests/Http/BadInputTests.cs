namespace EdsFunctions.Tests.Http;

/// <summary>What is not right is refused with a problem that names the field, and changes nothing.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Cen = "cen-3weq30r6t0s7t4abcd";

    private EdsApp app = null!;

    public async ValueTask InitializeAsync() => app = await EdsApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public static TheoryData<string, string> Bodies => new()
    {
        { "", "body" },
        { "   ", "body" },
        { "not json", "body" },
        { "{", "body" },
        { """{"regionId":"cn-hangzhou","cenId":"cen-a",}""", "body" },
        { """{"regionId":"cn-hangzhou"} {}""", "body" },
        { "null", "body" },
        { "\"text\"", "body" },
        { $$"""[{"regionId":"cn-hangzhou","cenId":"{{Cen}}"}]""", "body" },
        { string.Concat(Enumerable.Repeat("[", 1000)), "body" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","\ud800":1}""", "body" },
        { "{}", "regionId" },
        { $$"""{"cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":null,"cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":1,"cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":["cn-hangzhou"],"cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"evil.com/#","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou.evil","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"CN-HANGZHOU","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn--hangzhou","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou-","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou\n","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou@evil","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"127.0.0.1:80","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzh\u00f6u","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"{{new string('a', 300)}}","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou","regionId":"cn-hangzhou","cenId":"{{Cen}}"}""", "regionId" },
        { $$"""{"regionId":"cn-hangzhou","RegionId":"cn-hangzhou","cenId":"{{Cen}}"}""", "regionId" },
        { """{"regionId":"cn-hangzhou"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":"vpc-3weq30r6t0s7t4abcd"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":"cen-"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":"cen-ABC"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":"cen-a\"b"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":"cen-a\ud800"}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenId":{}}""", "cenId" },
        { """{"regionId":"cn-hangzhou","cenOwnerId":1234567890123456}""", "cenId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":0}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":-1}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":1.5}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":1e3}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":12345678901234567890}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":"12 34"}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":"０１２３"}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":"alice"}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","cenOwnerId":true}""", "cenOwnerId" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","owner":1}""", "owner" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","requestedBy":7}""", "requestedBy" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","requestedBy":"a\u0000b"}""", "requestedBy" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","note":"two\nlines"}""", "note" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","note":"two\u2028lines"}""", "note" },
        { $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","note":"{{new string('n', 501)}}"}""", "note" },
        { """{"RegionId":"cn-hangzhou","VerifyCodeAction":"something_else"}""", "verifyCodeAction" },
        { """{"RegionId":"cn-hangzhou","VerifyCodeAction":"EDS_CENID_SECURITYVERIFICATION"}""", "verifyCodeAction" },
        { """{"RegionId":"cn-hangzhou","VerifyCodeAction":1}""", "verifyCodeAction" },
        { Own("""  "not json"  """), "extraInfo" },
        { Own("""  "[]"  """), "extraInfo" },
        { Own("[]"), "extraInfo" },
        { Own("7"), "extraInfo" },
        { Own("""  "{\"cenId\":"  """), "extraInfo" },
        { Own("{}"), "extraInfo.cenId" },
        { Own("""{"cenOwnerId":1234567890123456}"""), "extraInfo.cenId" },
        { Own("""{"cenId":"cen-A"}"""), "extraInfo.cenId" },
        { Own("""{"cenId":"cen-a","cenOwnerId":"x"}"""), "extraInfo.cenOwnerId" },
        { Own("""{"cenId":"cen-a","foreign":1}"""), "extraInfo.foreign" },
        { Own("""  "{\"cenId\":\"cen-a\",\"foreign\":1}"  """), "extraInfo.foreign" },
        { Own("""{"cenId":"cen-a","cenid":"cen-a"}"""), "extraInfo.cenId" },
        { Own("""{"cenId":"cen-a"},"cenId":"cen-b" """), "extraInfo.cenId" },
        { Own("""{"cenId":"cen-a"},"cenOwnerId":1234567890123456 """), "extraInfo.cenOwnerId" },
        { Own("""{"cenId":"cen-a","cenOwnerId":1234567890123456},"cenOwnerId":1234567890123457 """), "extraInfo.cenOwnerId" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused_by_the_name_of_the_field(string body, string field)
    {
        var refused = await app.Api.PostAsync("verifications", body);

        refused.ShouldBeProblem(400, "invalid-request", field);
        await NothingWasDone();
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        var start = $$"""{"regionId":"cn-hangzhou","cenId":"{{Cen}}","note":" """;
        byte[] body = [.. Encoding.UTF8.GetBytes(start), 0xC3, 0x28, (byte)'"', (byte)'}'];

        var refused = await app.Api.RequestAsync(HttpMethod.Post, "verifications", body, "application/json", null);

        refused.ShouldBeProblem(400, "invalid-request", "body");
        await NothingWasDone();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task A_body_that_does_not_say_it_is_JSON_is_refused(string? contentType)
    {
        var refused = await app.Api.PostAsync("verifications", A.Verification.Json(), contentType);

        refused.ShouldBeProblem(415, "unsupported-media-type");
        await NothingWasDone();
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/vnd.contoso+json")]
    public async Task JSON_by_any_of_its_names_is_taken(string contentType) =>
        (await app.Api.PostAsync("verifications", A.Verification.Json(), contentType)).ShouldBe(201);

    [Fact]
    public async Task A_byte_order_mark_does_not_matter() =>
        (await app.Api.PostAsync("verifications", "\uFEFF" + A.Verification.Json())).ShouldBe(201);

    [Theory]
    [InlineData(64 * 1024, 201)]
    [InlineData((64 * 1024) + 1, 413)]
    [InlineData(2_000_000, 413)]
    public async Task A_body_may_have_64_KiB(int length, int status)
    {
        var body = A.Verification.Json().PadRight(length);

        Assert.Equal(status, (await app.Api.PostAsync("verifications", body)).Status);
        Assert.Equal(status, (await SendChunkedAsync(body)).Status);
    }

    [Theory]
    [InlineData("state", "verifications?state=waiting")]
    [InlineData("state", "verifications?state=")]
    [InlineData("state", "verifications?state=0")]
    [InlineData("regionId", "verifications?regionId=evil.com")]
    [InlineData("olderThan", "verifications?olderThan=yesterday")]
    [InlineData("olderThan", "verifications?olderThan=-00:01:00")]
    [InlineData("limit", "verifications?limit=0")]
    [InlineData("limit", "verifications?limit=201")]
    [InlineData("limit", "verifications?limit=ten")]
    [InlineData("limit", "verifications?limit=5&limit=6")]
    [InlineData("after", "verifications?after=1")]
    [InlineData("query", "verifications?region=cn-hangzhou")]
    public async Task A_bad_query_is_refused_by_the_name_of_the_parameter(string parameter, string path) =>
        (await app.Api.GetAsync(path)).ShouldBeProblem(400, "invalid-request", parameter);

    [Theory]
    [InlineData("""{"by":1}""", "by")]
    [InlineData("""{"who":"me"}""", "who")]
    [InlineData("[]", "body")]
    public async Task A_bad_closing_is_refused_and_the_verification_stays_open(string body, string field)
    {
        var sent = await app.Api.SendAsync(A.Verification);

        (await app.Api.CompleteAsync(sent.Id, body)).ShouldBeProblem(400, "invalid-request", field);
        (await app.Api.CancelAsync(sent.Id, body)).ShouldBeProblem(400, "invalid-request", field);

        Assert.Equal("pending", (await app.Api.GetAsync(sent.Id))["state"]);
    }

    [Fact]
    public async Task An_id_that_is_not_known_is_not_found()
    {
        var id = Guid.CreateVersion7(VerificationBuilder.Noon);

        (await app.Api.GetAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await app.Api.CompleteAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await app.Api.CancelAsync(id)).ShouldBeProblem(404, "verification-not-found");
        (await app.Api.GetAsync("verifications/not-an-id")).ShouldBe(404);
    }

    [Fact]
    public async Task Thousands_of_unknown_fields_get_a_short_answer()
    {
        var body = $"{{{string.Join(",", Enumerable.Range(0, 5000).Select(number => $"\"f{number}\":1"))}}}";

        Assert.InRange((await app.Api.PostAsync("verifications", body)).ShouldBe(400).Text.Length, 1, 8000);
    }

    [Fact]
    public async Task No_refusal_repeats_what_came()
    {
        const string Marker = "zzmarkerzz";
        var bodies = new[]
        {
            $$"""{"regionId":"{{Marker}}!","cenId":"{{Marker}}","cenOwnerId":"{{Marker}}"}""",
            $$"""{"regionId":"cn-hangzhou","verifyCodeAction":"{{Marker}}","extraInfo":"{{Marker}}"}""",
            $$"""{"regionId":"cn-hangzhou" {{Marker}}""",
            Own($$"""{"cenId":"{{Marker}}"}"""),
        };

        foreach (var body in bodies)
        {
            var refused = await app.Api.PostAsync("verifications", body);
            Assert.DoesNotContain(Marker, refused.ShouldBe(400).Text, StringComparison.Ordinal);
        }
    }

    private static string Own(string extraInfo) =>
        $$"""{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification","ExtraInfo":{{extraInfo}}}""";

    private async Task<ApiResponse> SendChunkedAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Api.BaseUrl, "/api/verifications"))
        {
            // Another CEN, in as many bytes.
            Content = new StringContent(body.Replace("cen-t", "cen-c", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = true;
        using var response = await Infrastructure.LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiResponse((int)response.StatusCode, "", new Dictionary<string, string>());
    }

    private async Task NothingWasDone()
    {
        Assert.Empty(await app.RecordsAsync());
        Assert.Empty(app.Alibaba.Requests.Items);
    }
}
