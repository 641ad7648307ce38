using System.Net.Http.Headers;

namespace EdsFunctions.Tests.Simulator;

public sealed class GatewayTests
{
    [Fact]
    public async Task A_wrong_secret_is_refused_with_the_servers_string_to_sign()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call() with { AccessKeySecret = "wrong" });

        answer.ShouldBeError(400, "SignatureDoesNotMatch");
        Assert.Contains("[ACS3-HMAC-SHA256\n", answer.Text("Message"), StringComparison.Ordinal);
        Assert.Contains(Call.Cen, answer.Text("Message"), StringComparison.Ordinal);
        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task A_query_changed_on_the_way_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        var changed = call.With("RegionId", "cn-beijing").CanonicalQuery;
        var answer = await ecd.SendAsync(call.ToMessage(ecd.Server.Url, query: changed));

        answer.ShouldBeError(400, "SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_header_changed_on_the_way_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        var changed = call with { Nonce = "another" };
        var answer = await ecd.SendAsync(changed.ToMessage(ecd.Server.Url, call.Authorization(ecd.Server.Url.Authority)));

        answer.ShouldBeError(400, "SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_body_changed_on_the_way_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var message = (ecd.Call() with { Body = "a=1" }).ToMessage(ecd.Server.Url);
        message.Content = new StringContent("a=2", MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));

        (await ecd.SendAsync(message)).ShouldBeError(400, "SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_content_hash_other_than_that_of_the_body_is_refused_though_it_is_signed()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call() with
        {
            ExtraHeaders = new Dictionary<string, string> { ["x-acs-content-sha256"] = new('0', 64) },
        });

        answer.ShouldBeError(400, "SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_query_may_be_encoded_and_ordered_in_other_ways_than_it_is_signed()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call().With("ExtraInfo", """{"cenId": "cen-one"}""").With("Note", "a b*c~");

        var answer = await ecd.SendAsync(call.ToMessage(ecd.Server.Url, query:
            "VerifyCodeAction=eds%5fcenID_securityverification&RegionId=cn%2dhangzhou&Note=a+b*c%7e"
            + "&ExtraInfo=%7b%22cenId%22:+%22cen-one%22%7d"));

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_signed_with_an_equals_sign()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call().With("Note", "");

        var sent = call.CanonicalQuery.Replace("Note=", "Note", StringComparison.Ordinal);
        var answer = await ecd.SendAsync(call.ToMessage(ecd.Server.Url, query: sent));

        Assert.Equal(200, answer.Status);
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
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call() with { Body = "a=1", ExtraHeaders = new Dictionary<string, string> { ["x-acs-other"] = "1" } };

        Assert.Equal(200, (await ecd.SendAsync(call)).Status);
        var answer = await ecd.SendAsync(call with { Nonce = "another", Unsigned = [header] });

        answer.ShouldBeError(400, "IncompleteSignature");
    }

    [Fact]
    public async Task A_header_in_SignedHeaders_must_be_there()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var message = (ecd.Call() with { ExtraHeaders = new Dictionary<string, string> { ["x-acs-other"] = "1" } })
            .ToMessage(ecd.Server.Url);
        message.Headers.Remove("x-acs-other");

        (await ecd.SendAsync(message)).ShouldBeError(400, "IncompleteSignature");
    }

    [Fact]
    public async Task Any_other_header_may_be_signed_too()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call() with
        {
            ExtraHeaders = new Dictionary<string, string> { ["accept"] = "application/json", ["user-agent"] = "test/1" },
        });

        Assert.Equal(200, answer.Status);
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
        await using var ecd = await RunningSimulator.StartAsync();
        var message = ecd.Call().ToMessage(ecd.Server.Url);
        message.Headers.Remove(header);

        var answer = await ecd.SendAsync(message);

        answer.ShouldBeError(400, "MissingSecurityHeader");
        Assert.Contains(header, answer.Text("Message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic dGVzdGlkOnRlc3RzZWNyZXQ=")]
    [InlineData("ACS3-HMAC-SHA256 Credential=testid")]
    [InlineData("ACS3-HMAC-SM3 Credential=testid,SignedHeaders=host,Signature=00")]
    public async Task Another_kind_of_authorization_is_refused(string authorization)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call().ToMessage(ecd.Server.Url, authorization));

        answer.ShouldBeError(400, "IncompleteSignature");
    }

    [Fact]
    public async Task An_unknown_access_key_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call() with { AccessKeyId = "unknown" });

        answer.ShouldBeError(404, "InvalidAccessKeyId.NotFound");
    }

    [Theory]
    [InlineData("token", null)]
    [InlineData("token", "another")]
    [InlineData(null, "token")]
    public async Task A_security_token_must_be_the_configured_one(string? configured, string? sent)
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { SecurityToken = configured });

        var answer = await ecd.SendAsync(ecd.Call() with { SecurityToken = sent });

        answer.ShouldBeError(400, "InvalidSecurityToken.MismatchWithAccessKey");
        Assert.Equal(200, (await ecd.SendAsync(ecd.Call() with { SecurityToken = configured })).Status);
    }

    [Theory]
    [InlineData(-15 * 60, true)]
    [InlineData(-15 * 60 - 1, false)]
    [InlineData(15 * 60, true)]
    [InlineData(15 * 60 + 1, false)]
    public async Task A_date_is_good_for_15_minutes_either_way(int seconds, bool good)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.Call(TimeSpan.FromSeconds(seconds)));

        if (good)
            Assert.Equal(200, answer.Status);
        else
            answer.ShouldBeError(400, "InvalidTimeStamp.Expired");
    }

    [Theory]
    [InlineData("2026-01-02 03:04:05")]
    [InlineData("2026-01-02T03:04:05.000Z")]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT")]
    public async Task A_date_in_another_format_is_refused(string date)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call() with { Date = date })).ShouldBeError(400, "InvalidTimeStamp.Format");
    }

    [Fact]
    public async Task The_same_request_twice_sends_one_email()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        Assert.Equal(200, (await ecd.SendAsync(call)).Status);
        (await ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");

        Assert.Single(ecd.Server.Outbox.Messages);
        Assert.Equal(["OK", "SignatureNonceUsed"], ecd.Server.Requests.Items.Select(request => request.Outcome));
    }

    [Fact]
    public async Task A_badly_signed_request_does_not_use_up_its_nonce()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        (await ecd.SendAsync(call with { AccessKeySecret = "wrong" })).ShouldBeError(400, "SignatureDoesNotMatch");

        Assert.Equal(200, (await ecd.SendAsync(call)).Status);
    }

    [Fact]
    public async Task A_nonce_is_remembered_until_no_replay_is_possible()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call(TimeSpan.FromMinutes(15));
        await ecd.SendAsync(call);

        ecd.Time.Advance(TimeSpan.FromMinutes(30));
        (await ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");

        ecd.Time.Advance(TimeSpan.FromSeconds(1));
        (await ecd.SendAsync(call)).ShouldBeError(400, "InvalidTimeStamp.Expired");
        Assert.Equal(200, (await ecd.SendAsync(ecd.Call() with { Nonce = call.Nonce })).Status);
    }

    [Fact]
    public async Task Another_version_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call() with { Version = "2014-05-26" })).ShouldBeError(400, "InvalidVersion");
    }

    [Fact]
    public async Task An_unknown_action_is_refused()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call() with { Action = "DescribeNothing" })).ShouldBeError(404, "InvalidApi.NotFound");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_refused(string method)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.Call() with { Method = method })).ShouldBeError(400, "UnsupportedHTTPMethod");
    }

    [Fact]
    public async Task Another_path_is_not_the_gateway()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(ecd.Server.Url, "/api")));

        answer.ShouldBeError(404, "InvalidApi.NotFound");
        Assert.Empty(ecd.Server.Requests.Items);
    }

    [Fact]
    public async Task What_came_over_the_wire_is_kept()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.Call();

        var answer = await ecd.SendAsync(call);

        var request = Assert.Single(ecd.Server.Requests.Items);
        Assert.Equal(
            ("SendVerifyCode", "POST", "/?" + call.CanonicalQuery, Call.Cen, call.Nonce, call.Date, "OK"),
            (request.Action, request.Method, request.Target, request.CenId, request.Nonce, request.Date, request.Outcome));
        Assert.Equal(answer.Text("RequestId"), request.RequestId);
        Assert.Equal(ecd.Time.GetUtcNow(), request.ReceivedAt);
        Assert.Equal(ecd.Server.Url.Authority, request.Headers["HOST"]);
    }
}
