namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Later and earlier versions of the app can read the stored JSON.</summary>
public sealed class VerificationJsonTests
{
    private static readonly Guid Id = Guid.Parse("019ab5b4-7a00-7c35-92ea-5e7189cb00bb");

    [Fact]
    public void Write_UnknownFields_KeepsThem()
    {
        var target = """
            { "regionId": "cn-hangzhou", "cenId": "cen-a" }, "attachedBy": { "name": ["x", 1] }, "future": true
            """;
        var read = VerificationJson.Read(Id, Document(target), "7");

        var written = VerificationJson.Write(read.ApplyOutcome(1, new EcdResponse("R-1"), read.CreatedAt));

        Assert.Contains(
            """
            "attachedBy":{"name":["x",1]},"future":true
            """,
            written.Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_UnknownFieldsOfParts_KeepsThem()
    {
        var target = """
            { "regionId": "cn-hangzhou", "future": 1 },
            "reported": { "count": 2, "at": "2026-11-24T17:00:00+00:00", "future": 2 },
            "reportedTo": { "ops": { "count": 2, "at": "2026-11-24T17:00:00+00:00", "future": 3 } },
            "attaching": { "officeSiteId": "cn-hangzhou+dir-7", "startedAt": "2026-11-24T17:00:00+00:00", "future": 4 },
            "lastFailure": {
              "kind": "Rejected", "reason": "Alibaba refused: Forbidden.RAM", "future": 5,
              "error": { "code": "Forbidden.RAM", "httpStatus": 403, "future": 6 }
            }
            """;
        var read = VerificationJson.Read(Id, Document(target), "7");
        var again = VerificationJson.Read(Id, Document(target), "7");

        var written = VerificationJson.Write(read.MarkReported(read.CreatedAt).MarkReported(read.CreatedAt, "ops"));

        Assert.All(
            Enumerable.Range(1, 6),
            number => Assert.Contains($"\"future\":{number}", written, StringComparison.Ordinal));
        // These parts are records, which compare by value.
        Assert.Equal((again.Target, again.Reported, again.LastFailure), (read.Target, read.Reported, read.LastFailure));
    }

    /// <summary>Other versions of the app find a field by its stored name, whatever its name in the code is.</summary>
    [Fact]
    public void Write_EachField_KeepsItsStoredName() => Assert.Equal(
        [
            "attaching", "baseline", "checkTimes", "closedAt", "closedBy", "closingNote", "codeUsedAt", "createdAt",
            "id", "lastFailure", "lateReply", "mailBefore", "note", "officeSiteId", "reported", "reportedTo",
            "requestId", "requestedBy", "sendCount", "sendStartedAt", "state", "stateBefore", "target", "unanswered",
            "waitingSince", "waitingSinceBefore", "writes",
        ],
        VerificationJson.Default.Verification.Properties
            .Where(property => property is { Get: not null, IsExtensionData: false })
            .Select(property => property.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("archived")]
    [InlineData("Pending")]
    [InlineData("1")]
    public void Read_UnknownState_Throws(string state)
    {
        var unreadable = Assert.Throws<UnreadableRecordException>(() => VerificationJson.Read(
            Id,
            Document("""{ "regionId": "cn-hangzhou" }""").Replace("pending", state, StringComparison.Ordinal),
            "7"));

        Assert.Equal(Id, unreadable.Id);
    }

    [Fact]
    public void Read_DocumentOfAnOlderVersion_LeavesNewFieldsNull()
    {
        var read = VerificationJson.Read(
            Id,
            """
            {
              "id": "019ab5b4-7a00-7c35-92ea-5e7189cb00bb", "state": "sending", "stateBefore": "pending",
              "target": {
                "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd",
                "cenOwnerId": { "value": 1234567890123456 }
              },
              "createdAt": "2026-11-24T12:00:00+00:00", "waitingSince": "2026-11-24T12:00:00+00:00",
              "sendStartedAt": "2026-11-24T13:00:00+00:00", "sendCount": 2, "requestId": "R-1",
              "reported": { "count": 2, "at": "2026-11-24T17:00:00+00:00" }
            }
            """,
            "7");

        Assert.Equal((VerificationState.Pending, null, "7"), (read.StateBefore, read.WaitingSinceBefore, read.Version));
        Assert.Equal(new ReminderState(2, new DateTimeOffset(2026, 11, 24, 17, 0, 0, TimeSpan.Zero)), read.Reported);
        Assert.Null(read.ReportedTo);
        Assert.Null(read.GetReminder("ops"));
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
    public void Read_InvalidTarget_Throws(string target) =>
        Assert.Throws<UnreadableRecordException>(() => VerificationJson.Read(Id, Document(target), "7"));

    [Theory]
    [InlineData("{\"regionId\":\"cn-hangzhou\"}")]
    [InlineData("{\"regionId\":\"cn-hangzhou\",\"cenId\":\"cen-3weq30r6t0s7t4abcd\"}")]
    [InlineData(
        "{\"regionId\":\"cn-hangzhou\",\"cenId\":\"cen-3weq30r6t0s7t4abcd\","
        + "\"cenOwnerId\":{\"value\":1234567890123456}}")]
    public void Write_Target_EqualsTheReadOne(string target)
    {
        var written = VerificationJson.Write(VerificationJson.Read(Id, Document(target), "7"));

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
