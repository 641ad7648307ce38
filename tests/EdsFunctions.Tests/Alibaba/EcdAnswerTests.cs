namespace EdsFunctions.Tests.Alibaba;

public sealed class EcdAnswerTests
{
    private const string RequestId = "1CBAFFAB-B697-4049-A9B1-67E1FC5F2222";

    /// <summary>A message as the gateway writes it for a signature that does not match; it must end in nobody's log.</summary>
    private const string Message =
        "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256 7b109d72]";

    /// <summary>The vendor's error table: code, status, what it asks for.</summary>
    public static TheoryData<string, int, EcdErrorKind> NotDone => new()
    {
        { "Throttling", 400, EcdErrorKind.Throttled },
        { "Throttling.User", 400, EcdErrorKind.Throttled },
        { "Throttling.Api", 400, EcdErrorKind.Throttled },
        { "Throttling", 429, EcdErrorKind.Throttled },
        { "Throttling.User", 429, EcdErrorKind.Throttled },
        { "SignatureDoesNotMatch", 400, EcdErrorKind.Credentials },
        { "SignatureDoesNotMatch", 403, EcdErrorKind.Credentials },
        { "InvalidAccessKeyId.NotFound", 400, EcdErrorKind.Credentials },
        { "InvalidAccessKeyId.NotFound", 404, EcdErrorKind.Credentials },
        { "InvalidAccessKeyId.Inactive", 400, EcdErrorKind.Credentials },
        { "InvalidAccessKeyId.Inactive", 404, EcdErrorKind.Credentials },
        { "InvalidSecurityToken.Expired", 400, EcdErrorKind.Credentials },
        { "InvalidSecurityToken.MismatchWithAccessKey", 400, EcdErrorKind.Credentials },
        { "InvalidTimeStamp.Expired", 400, EcdErrorKind.Clock },
        { "InvalidTimeStamp.Format", 400, EcdErrorKind.Clock },
        { "MissingRegionId", 400, EcdErrorKind.Request },
        { "MissingSecurityHeader", 400, EcdErrorKind.Request },
        { "InvalidParameter.ExtraInfo", 400, EcdErrorKind.Request },
        { "InvalidVersion", 400, EcdErrorKind.Request },
        { "IncompleteSignature", 400, EcdErrorKind.Request },
        { "UnsupportedHTTPMethod", 400, EcdErrorKind.Request },
        { "Forbidden.RAM", 403, EcdErrorKind.Permission },
        { "NoPermission", 403, EcdErrorKind.Permission },
        { "InvalidApi.NotFound", 404, EcdErrorKind.Request },
        { "InvalidProduct.NotFound", 404, EcdErrorKind.Request },
        { "InvalidProtocol.NeedSsl", 404, EcdErrorKind.Request },
        { "throttling", 400, EcdErrorKind.Request },
        { "ThrottlingOfAnotherKind", 400, EcdErrorKind.Throttled },
    };

    /// <summary>After these the e-mail may be on its way, whatever the code says.</summary>
    public static TheoryData<string, int> MaybeDone => new()
    {
        { "SignatureNonceUsed", 400 },
        { "ServiceUnavailable", 503 },
        { "ServiceUnavailable", 400 },
        { "InternalError", 500 },
        { "InternalError", 400 },
        { "Throttling", 503 },
        { "Throttling.User", 500 },
        { "Forbidden.RAM", 500 },
        { "SignatureDoesNotMatch", 502 },
        { "GatewayTimeout", 504 },
        { "Anything", 599 },
        { "Throttling", 200 },
        { "Forbidden.RAM", 302 },
    };

    /// <summary>Bodies that say nothing that can be relied on, with their media types.</summary>
    public static TheoryData<string?, string> Unreadable => new()
    {
        { "application/json", "" },
        { "application/json", " " },
        { "application/json", "garbage" },
        { "application/json", "{\"RequestId\":\"1CBAFFAB" },
        { "application/json", "{\"RequestId\":\"1CBAFFAB\"} and more" },
        { "application/json", "null" },
        { "application/json", "42" },
        { "application/json", "\"1CBAFFAB\"" },
        { "application/json", "[{\"RequestId\":\"1CBAFFAB\"}]" },
        { "application/json", "{}" },
        { "application/json", "{\"RequestId\":null}" },
        { "application/json", "{\"RequestId\":\"\"}" },
        { "application/json", "{\"RequestId\":{}}" },
        { "application/json", "{\"RequestId\":[]}" },
        { "application/json", "{\"RequestId\":\"two words\"}" },
        { "application/json", "{\"RequestId\":\"1CBAFFAB\\n\"}" },
        { "application/json", "{\"RequestId\":\"<b>1CBAFFAB</b>\"}" },
        { "application/json", "{\"RequestId\":\"\\ud800\"}" },
        { "application/json", "{\"Message\":\"Welcome\"}" },
        { "application/json", "{\"Result\":{\"RequestId\":\"1CBAFFAB\"}}" },
        { "application/json", "<Response><RequestId>1CBAFFAB</RequestId></Response>" },
        { "text/xml", "{\"RequestId\":\"1CBAFFAB\"}" },
        { "text/xml", "" },
        { "text/xml", "<Response>" },
        { "text/xml", "<Response><RequestId>1CBAFFAB</Response>" },
        { "text/xml", "<Response><RequestId/></Response>" },
        { "text/xml", "<Response><RequestId></RequestId></Response>" },
        { "text/xml", "<Response><RequestId>two words</RequestId></Response>" },
        { "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>" },
        { "text/html", "<!DOCTYPE html><html><head><title>Sign in to the network</title></head></html>" },
        { null, "upstream connect error" },
    };

    [Fact]
    public void A_request_id_with_200_is_accepted()
    {
        Assert.Equal(new EcdOutcome.Accepted(RequestId), Json(200, $$"""{"RequestId":"{{RequestId}}"}"""));
        Assert.Equal(new EcdOutcome.Accepted(RequestId), Json(200, $$"""{"requestId":"{{RequestId}}","code":null}"""));
        Assert.Equal(
            new EcdOutcome.Accepted(RequestId),
            Read(200, null, $$"""{"More":[{"Code":"x"}],"RequestId":"{{RequestId}}"}"""));
        Assert.Equal(
            new EcdOutcome.Accepted(RequestId),
            Xml(200, $"<SendVerifyCodeResponse><RequestId>{RequestId}</RequestId></SendVerifyCodeResponse>"));
    }

    [Fact]
    public void A_masked_request_id_as_the_page_shows_it_is_accepted() => Assert.Equal(
        new EcdOutcome.Accepted("1CBAFFAB-B697-4049-A9B1-67E1FC5F****"),
        Json(200, """{"RequestId":"1CBAFFAB-B697-4049-A9B1-67E1FC5F****"}"""));

    [Theory]
    [InlineData(100)]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(403)]
    public void A_request_id_without_a_code_means_nothing_with_any_other_status(int status) =>
        Assert.IsType<EcdOutcome.Unknown>(Json(status, $$"""{"RequestId":"{{RequestId}}"}"""));

    [Theory]
    [MemberData(nameof(NotDone))]
    public void A_code_that_means_not_done_is_a_refusal_in_every_form(string code, int status, EcdErrorKind kind)
    {
        var expected = new EcdError(code, status, RequestId);
        EcdOutcome[] outcomes =
        [
            Json(status, $$"""{"Code":"{{code}}","Message":"{{Message}}","RequestId":"{{RequestId}}","Recommend":"https://x"}"""),
            Json(status, $$"""{"code":"{{code}}","message":"{{Message}}","requestId":"{{RequestId}}","hostId":"ecd"}"""),
            Json(status, $$"""{"requestid":"{{RequestId}}","CODE":"{{code}}"}"""),
            Xml(status, $"<Error><RequestId>{RequestId}</RequestId><Code>{code}</Code><Message>{Message}</Message></Error>"),
            Xml(status, $"""
                <?xml version="1.0" encoding="UTF-8"?>
                <Error>
                  <requestId>{RequestId}</requestId> <hostId>ecd</hostId> <recommend/>
                  <code>
                    {code}
                  </code>
                </Error>
                """),
        ];

        foreach (var outcome in outcomes)
        {
            var rejected = Assert.IsType<EcdOutcome.Rejected>(outcome);
            Assert.Equal(expected, rejected.Error);
            Assert.Equal(kind, rejected.Error.Kind);
            ShouldNotQuoteTheVendor(outcome);
        }
    }

    [Theory]
    [MemberData(nameof(MaybeDone))]
    public void An_answer_that_leaves_it_open_is_unknown_in_every_form(string code, int status)
    {
        EcdOutcome[] outcomes =
        [
            Json(status, $$"""{"Code":"{{code}}","Message":"{{Message}}","RequestId":"{{RequestId}}"}"""),
            Json(status, $$"""{"code":"{{code}}","message":"{{Message}}","requestId":"{{RequestId}}"}"""),
            Xml(status, $"<Error><RequestId>{RequestId}</RequestId><Code>{code}</Code><Message>{Message}</Message></Error>"),
        ];

        foreach (var outcome in outcomes)
        {
            Assert.IsType<EcdOutcome.Unknown>(outcome);
            ShouldNotQuoteTheVendor(outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_cannot_be_read_is_unknown_and_not_repeated(string? mediaType, string body)
    {
        foreach (var status in new[] { 200, 400, 403, 404, 429, 500, 503 })
        {
            var unknown = Assert.IsType<EcdOutcome.Unknown>(Read(status, mediaType, body));
            Assert.DoesNotContain("CBAFFAB", unknown.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("<", unknown.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(599)]
    public void Any_5xx_is_unknown_whatever_it_carries(int status)
    {
        Assert.IsType<EcdOutcome.Unknown>(Json(status, ""));
        Assert.IsType<EcdOutcome.Unknown>(Json(status, $$"""{"RequestId":"{{RequestId}}"}"""));
        Assert.IsType<EcdOutcome.Unknown>(Json(status, """{"Code":"Forbidden.RAM"}"""));
        Assert.IsType<EcdOutcome.Unknown>(Read(status, "text/html", "<html></html>"));
    }

    [Theory]
    [InlineData("\"has space\"")]
    [InlineData("\"\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"<script>\"")]
    [InlineData("\"Throttling\\u0000\"")]
    [InlineData("{\"Code\":\"Throttling\"}")]
    [InlineData("[\"Throttling\"]")]
    public void A_code_that_no_gateway_writes_decides_nothing(string code) =>
        Assert.IsType<EcdOutcome.Unknown>(Json(400, $$"""{"Code":{{code}},"RequestId":"{{RequestId}}"}"""));

    [Fact]
    public void A_code_of_any_length_is_not_passed_on()
    {
        Assert.IsType<EcdOutcome.Rejected>(Json(400, $$"""{"Code":"{{new string('x', 128)}}"}"""));
        Assert.IsType<EcdOutcome.Unknown>(Json(400, $$"""{"Code":"{{new string('x', 129)}}"}"""));
    }

    [Fact]
    public void A_denial_names_the_action_that_is_missing()
    {
        const string Body = """
            {"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"1CBAFFAB",
             "AccessDeniedDetail":{"PolicyType":"AccountLevelIdentityBasedPolicy","AuthAction":"ecd:SendVerifyCode",
             "AuthPrincipalOwnerId":"1234567890123456","NoPermissionType":"ImplicitDeny"}}
            """;
        const string XmlBody = """
            <Error><Code>NoPermission</Code><AccessDeniedDetail><AuthPrincipalOwnerId>1234567890123456</AuthPrincipalOwnerId>
            <AuthAction>ecd:SendVerifyCode</AuthAction></AccessDeniedDetail><RequestId>1CBAFFAB</RequestId></Error>
            """;

        var expected = new EcdOutcome.Rejected(new EcdError("NoPermission", 403, "1CBAFFAB", "ecd:SendVerifyCode"));
        Assert.Equal(expected, Json(403, Body));
        Assert.Equal(expected, Xml(403, XmlBody));
        Assert.DoesNotContain("1234567890123456", Json(403, Body).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"AuthAction\":null}")]
    public void A_denial_without_detail_is_a_denial(string detail) => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Forbidden.RAM", 403)),
        Json(403, $$"""{"Code":"Forbidden.RAM","AccessDeniedDetail":{{detail}}}"""));

    [Theory]
    [InlineData("1500", 1_500)]
    [InlineData("0", 0)]
    [InlineData("2147483647", 2_147_483_647)]
    public void How_long_to_wait_is_given_in_milliseconds(string header, int milliseconds)
    {
        var rejected = Assert.IsType<EcdOutcome.Rejected>(Read(400, "application/json", """{"Code":"Throttling"}""", header));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), rejected.Error.RetryAfter);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("Tue, 24 Nov 2026 12:00:00 GMT")]
    public void A_wait_that_is_no_number_is_not_one(string? header)
    {
        var rejected = Assert.IsType<EcdOutcome.Rejected>(Read(400, "application/json", """{"Code":"Throttling"}""", header));

        Assert.Null(rejected.Error.RetryAfter);
    }

    [Theory]
    [InlineData("<!DOCTYPE Error><Error><Code>Throttling</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c \"Throttling\">]><Error><Code>&c;</Code></Error>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY c SYSTEM \"file:///etc/hostname\">]><Error><Code>Throttling</Code><X>&c;</X></Error>")]
    [InlineData("<!DOCTYPE Error SYSTEM \"http://127.0.0.1:9/x.dtd\"><Error><Code>Throttling</Code></Error>")]
    public void XML_with_a_document_type_is_not_read(string body) => Assert.IsType<EcdOutcome.Unknown>(Xml(400, body));

    [Theory]
    [InlineData("text/xml")]
    [InlineData("TEXT/XML")]
    [InlineData("application/xml")]
    public void XML_is_known_by_its_media_type(string mediaType) => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Throttling", 400)),
        Read(400, mediaType, "<Error><Code>Throttling</Code></Error>"));

    [Fact]
    public void Nesting_without_end_is_unknown_and_not_a_crash()
    {
        var (open, close) = (new string('[', 30_000), new string(']', 30_000));
        Assert.IsType<EcdOutcome.Unknown>(Json(400, open));
        Assert.IsType<EcdOutcome.Unknown>(Json(400, $$"""{"a":{{open}}{{close}},"Code":"Throttling"}"""));

        var (start, end) = (string.Concat(Enumerable.Repeat("<a>", 5_000)), string.Concat(Enumerable.Repeat("</a>", 5_000)));
        Assert.IsType<EcdOutcome.Unknown>(Xml(400, start));
        Assert.IsType<EcdOutcome.Unknown>(Xml(400, $"{start}<Code>Throttling</Code>{end}"));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_unknown()
    {
        var noise = new byte[4_096];
        new Random(42).NextBytes(noise);

        Assert.IsType<EcdOutcome.Unknown>(EcdAnswer.Read(200, "application/json", null, noise));
        Assert.IsType<EcdOutcome.Unknown>(EcdAnswer.Read(400, "text/xml", null, noise));
    }

    /// <summary>Accepted, and nobody can tell what: without a status, or with half of a character in it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("""
        , "Status":"\ud800"
        """)]
    public void An_answer_that_is_not_one_to_the_operation_is_unknown(string status)
    {
        var body = $$"""{"RequestId":"{{RequestId}}"{{status}}}""";

        var outcome = EcdAnswer.Read(200, "application/json", null, Encoding.UTF8.GetBytes(body), EcdOperation.VerifyCen);

        Assert.Equal(new EcdOutcome.Unknown("Alibaba's answer is not one to VerifyCen"), outcome);
    }

    /// <summary>Whatever part of an answer arrives, the part is never taken for a whole of another meaning.</summary>
    [Fact]
    public void No_beginning_of_an_answer_is_taken_for_the_whole()
    {
        var accepted = $$"""{"RequestId":"{{RequestId}}"}""";
        var refused = $$"""{"Code":"Forbidden.RAM","RequestId":"{{RequestId}}"}""";
        var refusedXml = $"<Error><Code>Forbidden.RAM</Code><RequestId>{RequestId}</RequestId></Error>";

        Assert.All(BeginningsOf(accepted), part => Assert.IsType<EcdOutcome.Unknown>(Json(200, part)));
        Assert.All(BeginningsOf(refused), part => Assert.IsType<EcdOutcome.Unknown>(Json(403, part)));
        Assert.All(BeginningsOf(refusedXml), part => Assert.IsType<EcdOutcome.Unknown>(Xml(403, part)));
    }

    [Fact]
    public void An_error_in_JSON_has_no_message_of_the_vendor()
    {
        var rejected = Assert.IsType<EcdOutcome.Rejected>(
            Json(400, $$"""{"Code":"SignatureDoesNotMatch","Message":"{{Message}}","RequestId":"{{RequestId}}"}"""));

        Assert.DoesNotContain("StringToSign", JsonSerializer.Serialize(rejected.Error), StringComparison.Ordinal);
        Assert.DoesNotContain(typeof(EcdError).GetProperties(), property => property.Name == "Message");
    }

    private static IEnumerable<string> BeginningsOf(string text) => Enumerable.Range(0, text.Length).Select(end => text[..end]);

    private static void ShouldNotQuoteTheVendor(EcdOutcome outcome)
    {
        Assert.DoesNotContain("StringToSign", outcome.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("calculation", outcome.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static EcdOutcome Json(int status, string body) => Read(status, "application/json", body);

    private static EcdOutcome Xml(int status, string body) => Read(status, "text/xml", body);

    private static EcdOutcome Read(int status, string? mediaType, string body, string? retryAfter = null) =>
        EcdAnswer.Read(status, mediaType, retryAfter, Encoding.UTF8.GetBytes(body));
}
