namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Documents outlive the version that wrote them.</summary>
public sealed class StoredDocumentTests
{
    [Fact]
    public void A_document_without_the_fields_of_later_versions_is_read()
    {
        var read = VerificationJson.Read(
            """
            {
              "id": "019ab5b4-7a00-7c35-92ea-5e7189cb00bb", "state": "sending", "stateBefore": "pending",
              "target": { "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd", "cenOwnerId": { "value": 1234567890123456 } },
              "createdAt": "2026-11-24T12:00:00+00:00", "waitingSince": "2026-11-24T12:00:00+00:00",
              "sendStartedAt": "2026-11-24T13:00:00+00:00", "sendCount": 2, "requestId": "R-1",
              "reported": { "count": 2, "at": "2026-11-24T17:00:00+00:00" }
            }
            """,
            "7");

        Assert.Equal((VerificationState.Pending, null, "7"), (read.StateBefore, read.WaitingSinceBefore, read.Version));
        Assert.Equal(new ReportMark(2, new DateTimeOffset(2026, 11, 24, 17, 0, 0, TimeSpan.Zero)), read.Reported);
        Assert.Null(read.ReportedTo);
        Assert.Null(read.MarkOf("ops"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "regionId": null }""")]
    [InlineData("""{ "regionId": "cn-hangzhou.example.com/" }""")]
    [InlineData("""{ "regionId": "cn-hangzhou", "cenId": 7 }""")]
    [InlineData("""{ "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd", "cenOwnerId": {} }""")]
    [InlineData("""{ "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd", "cenOwnerId": { "value": 1.5 } }""")]
    [InlineData("""{ "regionId": "cn-hangzhou", "cenOwnerId": { "value": 1234567890123456 } }""")]
    public void A_target_that_is_none_is_refused(string target) =>
        Assert.Throws<JsonException>(() => VerificationJson.Read(Document(target), "7"));

    [Theory]
    [InlineData("{\"regionId\":\"cn-hangzhou\"}")]
    [InlineData("{\"regionId\":\"cn-hangzhou\",\"cenId\":\"cen-3weq30r6t0s7t4abcd\"}")]
    [InlineData("{\"regionId\":\"cn-hangzhou\",\"cenId\":\"cen-3weq30r6t0s7t4abcd\",\"cenOwnerId\":{\"value\":1234567890123456}}")]
    public void A_target_is_written_as_it_is_read(string target)
    {
        var written = VerificationJson.Write(VerificationJson.Read(Document(target), "7"));

        Assert.Contains($"\"target\":{target},", written, StringComparison.Ordinal);
    }

    private static string Document(string target) =>
        $$"""
        {
          "id": "019ab5b4-7a00-7c35-92ea-5e7189cb00bb", "state": "pending", "target": {{target}},
          "createdAt": "2026-11-24T12:00:00+00:00", "waitingSince": "2026-11-24T12:00:00+00:00",
          "sendStartedAt": "2026-11-24T12:00:00+00:00", "sendCount": 1
        }
        """;
}
