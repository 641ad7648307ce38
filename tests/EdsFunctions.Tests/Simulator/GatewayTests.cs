using System.Net.Http.Headers;

namespace EdsFunctions.Tests.Simulator;

public sealed class GatewayTests : SimulatorTest
{
    [Fact]
    public async Task A_wrong_secret_is_refused_with_the_servers_string_to_sign()
    {
        var response = await Ecd.SendAsync(Ecd.SendVerifyCode() with { AccessKeySecret = "wrong" });

        response.ShouldBeError(400, "SignatureDoesNotMatch");
        Assert.Contains("[ACS3-HMAC-SHA256\n", response.Text("Message"), StringComparison.Ordinal);
        Assert.Contains(RunningSimulator.Cen, response.Text("Message"), StringComparison.Ordinal);
        Assert.Empty(Ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task A_query_header_or_body_changed_on_the_way_is_refused()
    {
        var url = Ecd.Server.Url;
        var call = Ecd.SendVerifyCode() with { Body = "a=1" };
        var otherBody = call.ToMessage(url);
        otherBody.Content = new StringContent("a=2", MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));

        HttpRequestMessage[] changed =
        [
            call.ToMessage(url, query: call.With("RegionId", "cn-beijing").CanonicalQuery),
            (call with { Nonce = "another", Authorization = call.Sign(url.Authority) }).ToMessage(url),
            otherBody,
            // The hash is not that of the body, but signed.
            call.WithHeader("x-acs-content-sha256", new string('0', 64)).ToMessage(url),
        ];

        foreach (var message in changed)
            (await RunningSimulator.SendAsync(message)).ShouldBeError(400, "SignatureDoesNotMatch");

        // A nonce is used up only by a correct signature.
        (await Ecd.SendAsync(call)).ShouldSucceed();
    }

    [Fact]
    public async Task A_query_may_be_encoded_and_ordered_in_other_ways_than_it_is_signed()
    {
        var call = Ecd.SendVerifyCode().With("ExtraInfo", """{"cenId": "cen-one"}""")
            .With("Note", "a b*c~").With("Empty", "");

        var response = await RunningSimulator.SendAsync(call.ToMessage(Ecd.Server.Url,
            "VerifyCodeAction=eds%5fcenID_securityverification&RegionId=cn%2dhangzhou&Empty&Note=a+b*c%7e"
            + "&ExtraInfo=%7b%22cenId%22:+%22cen-one%22%7d"));

        response.ShouldSucceed();
    }

    [Theory]
    [InlineData("host")]
    [InlineData("x-acs-action")]
    [InlineData("x-acs-content-sha256")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-version")]
    [InlineData("x-acs-other")]
    [InlineData("content-type")]
    public async Task A_header_left_out_of_SignedHeaders_is_refused(string header)
    {
        var call = Ecd.SendVerifyCode().WithHeader("x-acs-other", "1") with { Body = "a=1" };

        (await Ecd.SendAsync(call)).ShouldSucceed();
        (await Ecd.SendAsync(call with { Nonce = "2", Unsigned = header })).ShouldBeError(400, "IncompleteSignature");
    }

    [Fact]
    public async Task Any_other_header_may_be_signed_if_it_is_sent()
    {
        var call = Ecd.SendVerifyCode().WithHeader("accept", "application/json");
        var without = call.ToMessage(Ecd.Server.Url);
        without.Headers.Remove("accept");

        (await RunningSimulator.SendAsync(without)).ShouldBeError(400, "IncompleteSignature");
        (await Ecd.SendAsync(call)).ShouldSucceed();
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("x-acs-action")]
    [InlineData("x-acs-version")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public async Task A_missing_header_is_named(string header)
    {
        var message = Ecd.SendVerifyCode().ToMessage(Ecd.Server.Url);
        message.Headers.Remove(header);

        var response = await RunningSimulator.SendAsync(message);

        response.ShouldBeError(400, "MissingSecurityHeader");
        Assert.Contains(header, response.Text("Message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic dGVzdGlkOnRlc3RzZWNyZXQ=")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid")]
    [InlineData("ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=00")]
    public async Task Another_kind_of_authorization_is_refused(string authorization) =>
        (await Ecd.SendAsync(Ecd.SendVerifyCode() with { Authorization = authorization }))
            .ShouldBeError(400, "IncompleteSignature");

    [Fact]
    public async Task Another_access_key_version_operation_or_method_is_refused()
    {
        var call = Ecd.SendVerifyCode();

        (await Ecd.SendAsync(call with { AccessKeyId = "unknown" })).ShouldBeError(404, "InvalidAccessKeyId.NotFound");
        (await Ecd.SendAsync(call with { Version = "2014-05-26", Nonce = "1" })).ShouldBeError(400, "InvalidVersion");
        (await Ecd.SendAsync(call with { Action = "Describe", Nonce = "2" })).ShouldBeError(404, "InvalidApi.NotFound");
        (await Ecd.SendAsync(call with { Method = "PUT" })).ShouldBeError(400, "UnsupportedHTTPMethod");
        (await Ecd.SendAsync(call with { Method = "DELETE" })).ShouldBeError(400, "UnsupportedHTTPMethod");
    }

    [Theory]
    [InlineData("token", null)]
    [InlineData("token", "another")]
    [InlineData(null, "token")]
    public async Task A_security_token_must_be_the_configured_one(string? configured, string? sent)
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { SecurityToken = configured });

        (await ecd.SendAsync(ecd.SendVerifyCode() with { SecurityToken = sent }))
            .ShouldBeError(400, "InvalidSecurityToken.MismatchWithAccessKey");
        (await ecd.SendAsync(ecd.SendVerifyCode() with { SecurityToken = configured })).ShouldSucceed();
    }

    [Theory]
    [InlineData("2026-01-02T02:49:05Z", null)]
    [InlineData("2026-01-02T02:49:04Z", "InvalidTimeStamp.Expired")]
    [InlineData("2026-01-02T03:19:05Z", null)]
    [InlineData("2026-01-02T03:19:06Z", "InvalidTimeStamp.Expired")]
    [InlineData("2026-01-02 03:04:05", "InvalidTimeStamp.Format")]
    [InlineData("2026-01-02T03:04:05.000Z", "InvalidTimeStamp.Format")]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT", "InvalidTimeStamp.Format")]
    public async Task A_date_in_the_one_format_is_valid_for_15_minutes_either_way(string date, string? error)
    {
        var response = await Ecd.SendAsync(Ecd.SendVerifyCode() with { Date = date });

        if (error is null)
            response.ShouldSucceed();
        else
            response.ShouldBeError(400, error);
    }

    [Fact]
    public async Task A_nonce_is_remembered_until_no_replay_is_possible()
    {
        var call = Ecd.SendVerifyCode(TimeSpan.FromMinutes(15));
        (await Ecd.SendAsync(call)).ShouldSucceed();

        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Ecd.Time.Advance(TimeSpan.FromMinutes(30));
        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Assert.Single(Ecd.Server.Outbox.Messages);

        Ecd.Time.Advance(TimeSpan.FromSeconds(1));
        (await Ecd.SendAsync(call)).ShouldBeError(400, "InvalidTimeStamp.Expired");
        (await Ecd.SendAsync(Ecd.SendVerifyCode() with { Nonce = call.Nonce })).ShouldSucceed();
    }

    [Fact]
    public async Task Another_path_is_not_the_gateway()
    {
        var response = await RunningSimulator.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, new Uri(Ecd.Server.Url, "/api")));

        response.ShouldBeError(404, "InvalidApi.NotFound");
        Assert.Empty(Ecd.Server.Requests.Items);
    }

    [Fact]
    public async Task The_request_log_keeps_what_came_over_the_wire()
    {
        var call = Ecd.SendVerifyCode();

        var response = await Ecd.SendAsync(call);

        var request = Assert.Single(Ecd.Server.Requests.Items);
        Assert.Equal(
            new LoggedRequest("SendVerifyCode", "POST", "/?" + call.CanonicalQuery, RunningSimulator.Cen, call.Nonce,
                call.Date, Ecd.Time.GetUtcNow(), response.Text("RequestId")!, "OK", request.Headers),
            request);
        Assert.Equal(Ecd.Server.Url.Authority, request.Headers["HOST"]);
    }
}
