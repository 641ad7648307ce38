namespace EdsFunctions.Tests.Alibaba;

/// <summary>Where reading an answer changes from one meaning to the next: the last that is, and the first that is not.</summary>
public sealed class EcdAnswerBoundariesTests
{
    [Theory]
    [InlineData(399, false)]
    [InlineData(400, true)]
    [InlineData(407, true)]
    [InlineData(408, false)]
    [InlineData(409, true)]
    [InlineData(499, true)]
    [InlineData(500, false)]
    public void A_code_is_a_refusal_from_400_to_499_but_for_408(int status, bool refusal)
    {
        var outcome = Read(status, "application/json", """{"Code":"InvalidVersion"}""");

        Assert.Equal(refusal, outcome is EcdOutcome.Rejected);
        Assert.Equal(!refusal, outcome is EcdOutcome.Unknown);
    }

    [Theory]
    [InlineData("SignatureNonceUsed", false)]
    [InlineData("SignatureNonceUsed.Again", true)]
    [InlineData("ServiceUnavailable.Region", false)]
    [InlineData("InternalError.Backend", false)]
    [InlineData("BackendTimeout", false)]
    [InlineData("backend.timeout", false)]
    [InlineData("BackendTimed", true)]
    public void A_code_that_leaves_it_open_is_known_by_its_name(string code, bool refusal) =>
        Assert.Equal(refusal, Read(400, "application/json", $$"""{"Code":"{{code}}"}""") is EcdOutcome.Rejected);

    [Theory]
    [InlineData(200, "Throttling")]
    [InlineData(408, "Throttling")]
    [InlineData(500, "InvalidVersion")]
    [InlineData(503, "ServiceUnavailable")]
    public void What_Alibaba_said_is_kept_where_the_outcome_is_unknown(int status, string code) => Assert.Equal(
        new EcdOutcome.Unknown($"Alibaba answered {status} {code}", new EcdError(code, status, "R-1")),
        Read(status, "application/json", $$"""{"Code":"{{code}}","RequestId":"R-1"}"""));

    /// <summary>The caller reads the reason: the status is what an operator can start from.</summary>
    [Theory]
    [InlineData(500, "{}", "Alibaba answered 500")]
    [InlineData(502, "<html>", "Alibaba answered 502")]
    [InlineData(499, "<html>", "Alibaba answered 499 with a body that cannot be read")]
    [InlineData(200, "<html>", "Alibaba answered 200 with a body that cannot be read")]
    [InlineData(200, "{}", "Alibaba answered 200 without a request id")]
    public void An_unknown_outcome_says_what_was_wrong_with_the_answer(int status, string body, string reason) =>
        Assert.Equal(new EcdOutcome.Unknown(reason), Read(status, "application/json", body));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_name_has_128_characters_at_most(int length, bool readable)
    {
        var name = new string('x', length);

        Assert.Equal(readable, Read(200, "application/json", $$"""{"RequestId":"{{name}}"}""") is EcdOutcome.Accepted);
        Assert.Equal(readable, Read(400, "application/json", $$"""{"Code":"{{name}}"}""") is EcdOutcome.Rejected);
        Assert.Equal(readable, Read(403, "application/json", Denial(name)) is EcdOutcome.Rejected);

        static string Denial(string action) =>
            $$$"""{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"{{{action}}}"}}""";
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void XML_is_read_sixteen_deep(int depth, bool readable)
    {
        var (start, end) = (string.Concat(Enumerable.Repeat("<a>", depth)), string.Concat(Enumerable.Repeat("</a>", depth)));

        Assert.Equal(readable, Read(400, "text/xml", $"{start}<Code>Throttling</Code>{end}") is EcdOutcome.Rejected);
    }

    [Fact]
    public void Of_several_elements_of_a_name_the_first_counts() => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Forbidden.RAM", 403, "R-1", "ecd:SendVerifyCode")),
        Read(403, "text/xml",
            """
            <Error>
              <Code>Forbidden.RAM</Code><RequestId>R-1</RequestId><AuthAction>ecd:SendVerifyCode</AuthAction>
              <Code>Throttling</Code><RequestId>R-2</RequestId><AuthAction>ecd:AttachCen</AuthAction>
            </Error>
            """));

    [Fact]
    public void Of_several_properties_of_a_name_the_first_counts() => Assert.Equal(
        new EcdOutcome.Accepted("R-1"), Read(200, "application/json", """{"RequestId":"R-1","requestId":"R-2"}"""));

    [Fact]
    public void Blanks_around_the_text_of_an_element_are_none_of_it() => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Throttling", 400)),
        Read(400, "text/xml", "<Error><Code> Throttling\n</Code></Error>"));

    [Fact]
    public void An_empty_element_says_nothing_and_hides_nothing() => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Throttling", 400, "R-1")),
        Read(400, "text/xml", "<Error><RequestId/><Code>Throttling</Code><RequestId>R-1</RequestId></Error>"));

    [Fact]
    public void A_comment_in_an_element_is_not_its_text() => Assert.Equal(
        new EcdOutcome.Rejected(new EcdError("Throttling", 400)),
        Read(400, "text/xml", "<Error><RequestId><!--R-1--></RequestId><Code>Throttling</Code></Error>"));

    [Fact]
    public void A_media_type_that_only_begins_like_XML_is_not_XML() => Assert.Equal(
        new EcdOutcome.Accepted("R-1"), Read(200, "text/xml-patch", """{"RequestId":"R-1"}"""));

    private static EcdOutcome Read(int status, string? mediaType, string body) =>
        EcdAnswer.Read(status, mediaType, retryAfter: null, Encoding.UTF8.GetBytes(body));
}
