using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Pictures;

/// <summary>A day in a channel: what someone types there, and what the app replies.</summary>
internal sealed class ChatStory(ChatRoom room, string language)
{
    private readonly List<Payload> replies = [];

    /// <summary>The replies, by what they are.</summary>
    /// <param name="platform">Whose channel it is.</param>
    /// <param name="language">The language of the replies.</param>
    public static async Task<IReadOnlyList<Payload>> TellAsync(string platform, string language)
    {
        await using var room = await ChatRoom.OpenAsync(platform, new() { ["ChatOps:Language"] = language });
        var story = new ChatStory(room, language);
        await story.TellAsync();
        return story.replies;
    }

    private async Task TellAsync()
    {
        await SayAsync("help", "help");
        await SayAsync("send", "send cen-3weq30r6t0s7t4abcd 1234567890123456");
        room.App.Time.Advance(TimeSpan.FromSeconds(20));
        await SayAsync("too-soon", "send cen-3weq30r6t0s7t4abcd 1234567890123456");
        room.App.Time.Advance(TimeSpan.FromMinutes(13));
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        await SayAsync("unknown", "send cen-8kd02mfzq1x5p7wxyz 6543210987654321 cn-shanghai");
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await SayAsync("refused", "send cen-5tg91hbvn6c2r4efgh");
        room.App.Time.Advance(TimeSpan.FromMinutes(21));
        await SayAsync("pending", "pending");
        await SayAsync("not-allowed", "send cen-5tg91hbvn6c2r4efgh", user: "U7BOB42QX");
        await SayAsync("mistake", "send 1234567890123456 cn-hangzhou please");
        await SayAsync("done", $"done {(await room.App.RecordsAsync())[0].Ref[..4]}");
    }

    private async Task SayAsync(string name, string text, string user = ChatPlatform.Alice)
    {
        var reply = await room.DeliverAsync(room.Typed(text, user: user));
        replies.Add(new Payload(
            $"{room.Platform.Name.ToLowerInvariant()}-{name}{(language == "en" ? "" : "-zh")}", reply.ShouldBe(200).Text));
    }
}
