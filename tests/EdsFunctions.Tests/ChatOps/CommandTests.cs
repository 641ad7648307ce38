using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>What is answered to each command, the same in every chat; here in Slack's.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_verification_goes_from_send_to_done()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        var cen = A.FreshCen();

        Assert.Contains("No verification is open", await room.SayAsync("pending"), StringComparison.Ordinal);
        Assert.Contains("A code is on its way", await room.SayAsync($"send {cen} 1234567890123456 cn-shanghai"), StringComparison.Ordinal);
        var sent = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal((cen, "cn-shanghai"), (sent.Target.CenId, sent.Target.RegionId));
        room.App.Time.Advance(TimeSpan.FromMinutes(34));

        var pending = await room.SayAsync("pending");
        Assert.Contains($"{sent.Ref} · {cen} in cn-shanghai", pending, StringComparison.Ordinal);
        Assert.Contains("34 min, since 2026-11-24 12:00 UTC", pending, StringComparison.Ordinal);
        Assert.Contains("Owner: ************3456", pending, StringComparison.Ordinal);
        Assert.Contains($"done {sent.Ref}", pending, StringComparison.Ordinal);
        Assert.Contains(cen, await room.SayAsync($"show {sent.Ref[..4]}"), StringComparison.Ordinal);

        var done = await room.SayAsync($"done {sent.Ref[..3]}");
        Assert.Contains($"alice closed {sent.Ref} as done", done, StringComparison.Ordinal);
        var closed = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "alice"), (closed.State, closed.ClosedBy));
        Assert.Contains("No open verification", await room.SayAsync($"show {sent.Ref}"), StringComparison.Ordinal);
        Assert.Contains("done", await room.SayAsync($"show {sent.Id}"), StringComparison.Ordinal);
        Assert.Contains("closed already", await room.SayAsync($"cancel {sent.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_needed_is_cancelled()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        await room.SayAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await room.App.RecordsAsync());

        Assert.Contains($"alice cancelled {sent.Ref}", await room.SayAsync($"cancel #{sent.Ref.ToUpperInvariant()}"), StringComparison.Ordinal);

        Assert.Equal(VerificationState.Cancelled, Assert.Single(await room.App.RecordsAsync()).State);
    }

    [Fact]
    public async Task Who_is_not_allowed_may_read_and_changes_nothing()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        await room.SayAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await room.App.RecordsAsync());

        foreach (var command in new[] { $"send {A.FreshCen()}", $"done {sent.Ref}", $"cancel {sent.Id}" })
        {
            var refusal = await room.SayAsync(command, user: "U0MALLORY");
            Assert.Contains("You may not change anything here", refusal, StringComparison.Ordinal);
            Assert.Contains("U0MALLORY", refusal, StringComparison.Ordinal);
            Assert.Contains("ChatOps:Slack:AllowedUsers", refusal, StringComparison.Ordinal);
        }

        Assert.Contains(sent.Ref, await room.SayAsync("pending", user: "U0MALLORY"), StringComparison.Ordinal);
        Assert.Contains(sent.Ref, await room.SayAsync($"show {sent.Ref}", user: "U0MALLORY"), StringComparison.Ordinal);
        Assert.Equal(sent, Assert.Single(await room.App.RecordsAsync()));
        Assert.Single(room.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    [InlineData("DingTalk")]
    public async Task Where_nobody_is_allowed_nobody_changes_anything(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform, new() { [$"ChatOps:{platform}:AllowedUsers:0"] = null });

        await room.SayAsync($"send {A.FreshCen()}");
        await room.SayAsync($"send {A.FreshCen()}", user: "");

        Assert.Empty(await room.App.RecordsAsync());
    }

    [Fact]
    public async Task A_prefix_that_means_more_than_one_is_answered_with_them_and_closes_none()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        var template = A.Verification.Record(room.App.Time.GetUtcNow()).Id.ToString("N")[..^8];
        foreach (var reference in new[] { "ab000001", "ab000002" })
        {
            var record = A.Verification.Record(room.App.Time.GetUtcNow()) with { Id = Guid.Parse(template + reference) };
            await room.App.Store.CreateAsync(
                record with { State = VerificationState.Pending }, key: null, TestContext.Current.CancellationToken);
        }

        var said = await room.SayAsync("done ab");

        Assert.Contains("type more of it", said, StringComparison.Ordinal);
        Assert.Contains("ab000001", said, StringComparison.Ordinal);
        Assert.Contains("ab000002", said, StringComparison.Ordinal);
        Assert.All(await room.App.RecordsAsync(), record => Assert.True(record.IsOpen));
    }

    [Fact]
    public async Task What_Alibaba_refused_is_said_with_its_code_and_request()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));

        var said = await room.SayAsync($"send {A.FreshCen()}");

        var failure = Assert.Single(await room.App.RecordsAsync()).LastFailure!.Error!;
        Assert.Contains("Alibaba refused", said, StringComparison.Ordinal);
        Assert.Contains(failure.Code, said, StringComparison.Ordinal);
        Assert.Contains(failure.RequestId!, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_knows_the_outcome_of_is_said_not_to_be_sent_again()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));

        Assert.Contains("not sent again by itself", await room.SayAsync($"send {A.FreshCen()}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_was_sent_a_moment_ago_is_not_sent_again()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        var cen = A.FreshCen();
        await room.SayAsync($"send {cen}");
        room.App.Time.Advance(TimeSpan.FromSeconds(20));

        var said = await room.SayAsync($"send {cen}");

        Assert.Contains("Another one can be sent in 40 s", said, StringComparison.Ordinal);
        room.App.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Contains("Another code is on its way", await room.SayAsync($"send {cen}"), StringComparison.Ordinal);
        Assert.Equal(2, room.App.Alibaba.Outbox.Messages.Count);
    }

    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    [InlineData("DingTalk")]
    public async Task Whatever_Alibaba_does_an_answer_comes_in_time_and_the_send_goes_on(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var cen = A.FreshCen();

        var saying = room.SayAsync($"send {cen}");
        await UntilAsync(() => room.App.Alibaba.Requests.Items.Count == 1);
        room.App.Time.Advance(TimeSpan.FromSeconds(2.5));
        var said = await saying;

        var sending = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal(VerificationState.Sending, sending.State);
        Assert.Contains("Still sending", said, StringComparison.Ordinal);
        Assert.Contains($"show {sending.Ref}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pending", "ephemeral")]
    [InlineData("pending public", "in_channel")]
    [InlineData("PENDING Public", "in_channel")]
    [InlineData("public", "ephemeral")]
    public async Task Slack_shows_an_answer_to_who_asked_unless_they_ask_otherwise(string command, string type)
    {
        await using var room = await ChatRoom.OpenAsync("Slack");

        var reply = await room.DeliverAsync(room.Typed(command));

        Assert.Equal(type, reply["response_type"]);
        Assert.False(string.IsNullOrEmpty(reply["text"]));
        Assert.Equal("application/json; charset=utf-8", reply.Header("Content-Type"));
    }

    [Fact]
    public async Task A_channel_may_have_a_region_of_its_own()
    {
        await using var room = await ChatRoom.OpenAsync("Slack", new()
        {
            ["ChatOps:Channels:0:Id"] = "G8PSS9T3V",
            ["ChatOps:Channels:0:DefaultRegion"] = "ap-southeast-1",
        });

        await room.SayAsync($"send {A.FreshCen()}");

        Assert.Equal("ap-southeast-1", Assert.Single(await room.App.RecordsAsync()).Target.RegionId);
    }

    [Fact]
    public async Task A_mistake_is_answered_with_what_was_understood_what_is_wrong_and_the_right_form()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        var cen = A.FreshCen();

        var said = await room.SayAsync($"send {cen} 1234567890123456 shanghai");

        Assert.Contains($"Understood: send, CEN {cen}, owner ************3456", said, StringComparison.Ordinal);
        Assert.Contains("Wrong: word 4 is neither a CEN, an account id nor a region", said, StringComparison.Ordinal);
        Assert.Contains("Right: send <cen> [owner] [region]", said, StringComparison.Ordinal);
        Assert.Empty(await room.App.RecordsAsync());
    }

    [Fact]
    public async Task Chinese_is_spoken_where_it_is_configured()
    {
        await using var room = await ChatRoom.OpenAsync("DingTalk", new() { ["ChatOps:Language"] = "zh-CN" });
        var cen = A.FreshCen();

        var said = await room.SayAsync($"send {cen}");

        Assert.Contains($"验证码正发往 {cen} 的所有者", said, StringComparison.Ordinal);
        Assert.Contains("没有命令", await room.SayAsync("sned"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_we_fail_it_is_said_in_words_and_logged()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        await room.SayAsync("pending");
        var path = room.App.Services.GetRequiredService<IOptions<VerificationOptions>>().Value.SqlitePath;
        await using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE verifications RENAME TO gone";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("The app failed", await room.SayAsync("pending"), StringComparison.Ordinal);
        Assert.Contains(room.App.Log.Entries, entry => entry.EventId == 401);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
