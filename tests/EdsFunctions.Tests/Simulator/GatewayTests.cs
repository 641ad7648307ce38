using System.Net.Http.Headers;

namespace EdsFunctions.Tests.Simulator;

/// <summary>The checks that the simulator makes of all requests.</summary>
public sealed class GatewayTests : SimulatorTest
{
    /// <summary>
    /// The published signatures in Vectors/acs3.json of requests with the method POST and an empty body.
    /// </summary>
    private static readonly Dictionary<string, Call> Vectors = JsonElement.Parse(File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Vectors", "acs3.json")))
        .GetProperty("vectors").EnumerateArray().ToDictionary(
            vector => vector.GetProperty("name").GetString()!,
            vector => vector.Deserialize<Call>(JsonSerializerOptions.Web)!);

    private static readonly (int Status, string Code, Func<Call, Call> Change)[] Rejected =
    [
        (400, "SignatureDoesNotMatch", call => call with { AccessKeySecret = "wrong" }),
        (400, "SignatureDoesNotMatch", call => call.WithHeader("x-acs-content-sha256", new string('0', 64))),
        (400, "IncompleteSignature", call => call with { Unsigned = "host" }),
        (400, "IncompleteSignature", call => call with { Unsigned = "x-acs-action" }),
        (400, "IncompleteSignature", call => call.WithHeader("x-acs-other", "1") with { Unsigned = "x-acs-other" }),
        (400, "IncompleteSignature", call => call with { Unsigned = "content-type", Body = "a=1" }),
        (400, "IncompleteSignature", call => call with { Authorization = "Basic dGVzdGlkOnRlc3RzZWNyZXQ=" }),
        (400, "IncompleteSignature", call => call with { Authorization = "ACS3-HMAC-SHA256 Credential=testid" }),
        (404, "InvalidAccessKeyId.NotFound", call => call with { AccessKeyId = "unknown" }),
        (400, "InvalidSecurityToken.MismatchWithAccessKey", call => call with { SecurityToken = "token" }),
        (400, "InvalidVersion", call => call with { Version = "2014-05-26" }),
        (404, "InvalidApi.NotFound", call => call with { Action = "Describe" }),
        (400, "UnsupportedHTTPMethod", call => call with { Method = "PUT" }),
        (400, "InvalidTimeStamp.Expired", call => call with { Date = "2026-01-02T02:49:04Z" }),
        (400, "InvalidTimeStamp.Expired", call => call with { Date = "2026-01-02T03:19:06Z" }),
        (400, "InvalidTimeStamp.Format", call => call with { Date = "2026-01-02T03:04:05.000Z" }),
        (400, "InvalidParameter.RegionId", call => call with { Host = "ecd.cn-beijing.aliyuncs.com" }),
    ];

    private static readonly Func<Call, Call>[] Accepted =
    [
        call => call with { Date = "2026-01-02T02:49:05Z" },
        call => call with { Date = "2026-01-02T03:19:05Z" },
        call => call with { Host = "ecd.cn-hangzhou.aliyuncs.com" },
        call => call.WithHeader("accept", "application/json"),
        call => call with { Method = "GET" },
        call => call with { Body = call.CanonicalQuery, Query = new Dictionary<string, string>() },
    ];

    public static TheoryData<string> Names => [.. Vectors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Call_PublishedSignature_IsAcceptedWithItsOwnSecretOnly(string name)
    {
        var vector = Vectors[name];
        var now = DateTimeOffset.Parse(vector.Date, CultureInfo.InvariantCulture);
        var options = new SimulatorOptions
        {
            AccessKeyId = vector.AccessKeyId,
            AccessKeySecret = vector.AccessKeySecret,
            SecurityToken = vector.SecurityToken,
        };
        await using var ecd = await RunningSimulator.StartAsync(options, now);
        await using var another = await RunningSimulator.StartAsync(options with { AccessKeySecret = "another" }, now);

        (await another.SendAsync(vector)).ShouldBeError(400, "SignatureDoesNotMatch");

        // One published signature is for another product of Alibaba. Its signature is valid, but its API version is
        // not.
        var response = await ecd.SendAsync(vector);
        if (vector.Action == "SendVerifyCode")
            response.ShouldSucceed();
        else
            response.ShouldBeError(400, "InvalidVersion");
    }

    [Fact]
    public async Task Call_FailsACheck_ReturnsTheErrorAndSendsNothing()
    {
        foreach (var (status, code, change) in Rejected)
            (await Ecd.SendAsync(change(Ecd.SendVerifyCode()))).ShouldBeError(status, code);

        Assert.Empty(Ecd.Server.Outbox.Messages);
        foreach (var change in Accepted)
            (await Ecd.SendAsync(change(Ecd.SendVerifyCode()))).ShouldSucceed();

        Assert.All(Ecd.Server.Outbox.Messages, message => Assert.Equal(RunningSimulator.Cen, message.CenId));
    }

    [Fact]
    public async Task Call_ChangedAfterSigning_ReturnsSignatureDoesNotMatch()
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
        ];

        foreach (var message in changed)
        {
            var response = await RunningSimulator.SendAsync(message);
            response.ShouldBeError(400, "SignatureDoesNotMatch");
            Assert.Contains(
                "server StringToSign is [ACS3-HMAC-SHA256\n", response["Message"], StringComparison.Ordinal);
        }

        // A request with an invalid signature does not use up its nonce.
        (await Ecd.SendAsync(call)).ShouldSucceed();
    }

    [Fact]
    public async Task Call_QueryIsEncodedAndOrderedOtherwise_IsAccepted()
    {
        var call = Ecd.SendVerifyCode().With("ExtraInfo", """{"cenId": "cen-one"}""")
            .With("Note", "a b*c~").With("Empty", "");

        var response = await RunningSimulator.SendAsync(call.ToMessage(Ecd.Server.Url,
            "VerifyCodeAction=eds%5fcenID_securityverification&RegionId=cn%2dhangzhou&Empty&Note=a+b*c%7e"
            + "&ExtraInfo=%7b%22cenId%22:+%22cen-one%22%7d"));

        response.ShouldSucceed();
    }

    [Fact]
    public async Task Call_HeaderIsMissing_IsNamed()
    {
        string[] headers =
        [
            "Authorization", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce",
            "x-acs-content-sha256",
        ];
        foreach (var header in headers)
        {
            var message = Ecd.SendVerifyCode().ToMessage(Ecd.Server.Url);
            message.Headers.Remove(header);

            var response = await RunningSimulator.SendAsync(message);

            response.ShouldBeError(400, "MissingSecurityHeader");
            Assert.Contains(header, response["Message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_NonceIsReused_IsRejectedUntilTheDateExpires()
    {
        var call = Ecd.CallTo("SendVerifyCode", offset: TimeSpan.FromMinutes(15));
        (await Ecd.SendAsync(call)).ShouldSucceed();

        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Ecd.Time.Advance(TimeSpan.FromMinutes(30));
        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Assert.Single(Ecd.Server.Outbox.Messages);

        Ecd.Time.Advance(TimeSpan.FromSeconds(1));
        (await Ecd.SendAsync(call)).ShouldBeError(400, "InvalidTimeStamp.Expired");
        (await Ecd.SendAsync(Ecd.SendVerifyCode() with { Nonce = call.Nonce })).ShouldSucceed();
    }
}
