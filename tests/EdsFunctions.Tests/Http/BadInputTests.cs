namespace EdsFunctions.Tests.Http;

/// <summary>What is not right is refused with a problem that names the field, and changes nothing.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Cen = "cen-3weq30r6t0s7t4abcd";

    private EdsApp app = null!;

    public async ValueTask InitializeAsync() => app = await EdsApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("body", "", "   ", "not json", "{", "null", "'text'", "[{'regionId':'cn-hangzhou','cenId':'cen-a'}]")]
    [InlineData("body", "{'regionId':'cn-hangzhou','cenId':'cen-a',}", "{'regionId':'cn-hangzhou'} {}")]
    [InlineData("body", "{'regionId':'cn-hangzhou','cenId':'cen-a','\\ud800':1}")]
    [InlineData("regionId", "{}", "{'cenId':'cen-a'}")]
    [InlineData("regionId", "{'regionId':'cn-hangzhou','regionId':'cn-hangzhou','cenId':'cen-a'}")]
    [InlineData("regionId", "{'regionId':'cn-hangzhou','RegionId':'cn-hangzhou','cenId':'cen-a'}")]
    [InlineData("cenId", "{'regionId':'cn-hangzhou'}", "{'regionId':'cn-hangzhou','cenOwnerId':1234567890123456}")]
    [InlineData("owner", "{'regionId':'cn-hangzhou','cenId':'cen-a','owner':1}")]
    public Task A_bad_body_is_refused_by_the_name_of_the_field(string field, params string[] bodies) =>
        ShouldBeRefused(field, bodies);

    [Theory]
    [InlineData("regionId", "null", "1", "['cn-hangzhou']", "''", "'CN-HANGZHOU'", "'cn--hangzhou'", "'cn-hangzhou-'")]
    [InlineData("regionId", "'evil.com/#'", "'cn-hangzhou.evil'", "'cn-hangzhou@evil'", "'127.0.0.1:80'")]
    [InlineData("regionId", "'cn-hangzhou\\n'", "'cn-hangzh\\u00f6u'")]
    [InlineData("cenId", "'vpc-3weq30r6t0s7t4abcd'", "'cen-'", "'cen-ABC'", "'cen-a\\\"b'", "'cen-a\\ud800'", "{}")]
    [InlineData("cenOwnerId", "0", "-1", "1.5", "1e3", "12345678901234567890", "true")]
    [InlineData("cenOwnerId", "'12 34'", "'０１２３'", "'alice'")]
    [InlineData("requestedBy", "7", "'a\\u0000b'")]
    [InlineData("note", "'two\\nlines'", "'two\\u2028lines'")]
    [InlineData("verifyCodeAction", "'something_else'", "'EDS_CENID_SECURITYVERIFICATION'", "1")]
    public Task A_bad_value_is_refused_by_the_name_of_the_field(string field, params string[] values) =>
        ShouldBeRefused(field, [.. values.Select(value => With(field, value))]);

    [Theory]
    [InlineData("extraInfo", "'not json'", "'[]'", "[]", "7", "'{\\\"cenId\\\":'")]
    [InlineData("extraInfo.cenId", "{}", "{'cenOwnerId':1234567890123456}", "{'cenId':'cen-A'}")]
    [InlineData("extraInfo.cenId", "{'cenId':'cen-a','cenid':'cen-a'}", "{'cenId':'cen-a'},'cenId':'cen-b'")]
    [InlineData("extraInfo.cenOwnerId", "{'cenId':'cen-a','cenOwnerId':'x'}")]
    [InlineData("extraInfo.cenOwnerId", "{'cenId':'cen-a'},'cenOwnerId':1234567890123456")]
    [InlineData("extraInfo.cenOwnerId", "{'cenId':'cen-a','cenOwnerId':7},'cenOwnerId':8")]
    [InlineData("extraInfo.foreign", "{'cenId':'cen-a','foreign':1}", "'{\\\"cenId\\\":\\\"cen-a\\\",\\\"foreign\\\":1}'")]
    public Task Bad_ExtraInfo_is_refused_by_the_name_of_the_field(string field, params string[] values) =>
        ShouldBeRefused(field, [.. values.Select(Own)]);

    [Fact]
    public async Task What_is_too_long_or_too_deep_is_refused()
    {
        await ShouldBeRefused("body", new string('[', 1000));
        await ShouldBeRefused("regionId", With("regionId", $"'{new string('a', 300)}'"));
        await ShouldBeRefused("note", With("note", $"'{new string('n', 501)}'"));
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
    [InlineData("application/json; charset=UTF-8", "")]
    [InlineData("application/vnd.contoso+json", "")]
    [InlineData("application/json", "\uFEFF")]
    public async Task JSON_by_any_of_its_names_is_accepted(string contentType, string byteOrderMark) =>
        (await app.Api.PostAsync("verifications", byteOrderMark + A.Verification.Json(), contentType)).ShouldBe(201);

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
            Own($"{{'cenId':'{Marker}'}}").Replace('\'', '"'),
        };

        foreach (var body in bodies)
        {
            var refused = await app.Api.PostAsync("verifications", body);
            Assert.DoesNotContain(Marker, refused.ShouldBe(400).Text, StringComparison.Ordinal);
        }
    }

    private static string With(string field, string value)
    {
        var fields = new Dictionary<string, string>
        {
            ["regionId"] = "'cn-hangzhou'",
            ["cenId"] = $"'{Cen}'",
            [field] = value,
        };
        return $"{{{string.Join(",", fields.Select(pair => $"'{pair.Key}':{pair.Value}"))}}}";
    }

    private static string Own(string extraInfo) =>
        $"{{'RegionId':'cn-hangzhou','VerifyCodeAction':'eds_cenID_securityverification','ExtraInfo':{extraInfo}}}";

    /// <param name="field">What each refusal has to name.</param>
    /// <param name="bodies">With ' for ", to be readable.</param>
    private async Task ShouldBeRefused(string field, params string[] bodies)
    {
        foreach (var body in bodies)
        {
            var refused = await app.Api.PostAsync("verifications", body.Replace('\'', '"'));

            Assert.True(refused.Status == 400, $"{refused.Status} for {body}");
            refused.ShouldBeProblem(400, "invalid-request", field);
        }

        await NothingWasDone();
    }

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
