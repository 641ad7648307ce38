using EdsFunctions.Tests.ChatOps;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications;

/// <summary>Records that a newer version of the app wrote are listed by id, and do not hide other records.</summary>
public class UnreadableRecordTests
{
    [Fact]
    public async Task List_WithAnUnreadableRecord_NamesItAndReturnsTheOthers()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        using var metrics = new CapturedMetrics(session.App.Services);
        var (unreadable, _) = await RecordNewerAsync(session);
        var other = (await session.App.Api.SendAsync(A.Verification)).ShouldBe(201);

        var list = (await session.App.Api.GetAsync("verifications?state=open")).ShouldBe(200);
        var pending = await session.SendAsync("pending");
        session.App.Time.Advance(TimeSpan.FromHours(1));
        var stale = (await session.App.Api.GetAsync("reports/stale")).ShouldBe(200);
        await session.App.RunReportAsync();

        Assert.Equal((other.Id.ToString(), null), (list["items.0.id"], list["items.1.id"]));
        Assert.Equal(unreadable.ToString(), list["unreadable.0"]);
        Assert.Contains($"{unreadable}", pending, StringComparison.Ordinal);
        Assert.Contains(other["ref"]!, pending, StringComparison.Ordinal);
        Assert.Equal(("1", other.Id.ToString()), (stale["staleCount"], stale["items.0.verification.id"]));
        Assert.Contains(
            session.App.Log.Entries,
            entry => entry.EventId == 108 && entry.Text.Contains($"{unreadable}", StringComparison.Ordinal));
        Assert.True(metrics.Sum("eds.verifications.unreadable") > 0);
    }

    [Fact]
    public async Task Request_ForAnUnreadableRecord_NamesItAndDoesNothing()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var (unreadable, verification) = await RecordNewerAsync(session);
        ApiResponse[] responses =
        [
            await session.App.Api.SendAsync(verification),
            await session.App.Api.GetAsync(unreadable),
            await session.App.Api.CancelAsync(unreadable),
            await session.App.Api.PostAsync($"verifications/{unreadable}/resend", "{}"),
            await session.App.Api.PostAsync(
                $"verifications/{unreadable}/check",
                """{"cidrBlock":"192.168.7.0/24","verifyCode":"1"}"""),
            await session.App.Api.PostAsync(
                $"verifications/{unreadable}/attach",
                """{"officeSiteId":"cn-hangzhou+dir-7","verifyCode":"1"}"""),
        ];

        Assert.All(
            responses,
            response => Assert.Equal(unreadable, response.ShouldBeProblem(500, "verification-unreadable").Id));
        var reference = unreadable.ToString("N")[^8..];
        string[] commands =
        [
            $"send {verification.CenId} {VerificationBuilder.DefaultOwner}",
            $"show {reference}",
            $"cancel {unreadable}",
        ];
        foreach (var command in commands)
        {
            Assert.Contains($"{unreadable}", await session.SendAsync(command), StringComparison.Ordinal);
        }

        Assert.Single(session.App.Alibaba.Requests.Items);
    }

    /// <summary>Changes the state of every record to a state that only a newer version of the app knows.</summary>
    private protected virtual async Task WriteAsNewerVersionAsync(IVerificationStore store)
    {
        var path = store.Description["SQLite, ".Length..];
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            UPDATE verifications
            SET state = 'queued', document = replace(document, '"state":"pending"', '"state":"queued"')
            """;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a code, and changes its record as a newer version would.</summary>
    private async Task<(Guid Id, VerificationBuilder Verification)> RecordNewerAsync(ChatSession session)
    {
        var verification = A.Verification;
        var sent = (await session.App.Api.SendAsync(verification)).ShouldBe(201);
        await WriteAsNewerVersionAsync(session.App.Store);
        return (sent.Id, verification);
    }
}
