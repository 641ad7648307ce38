using System.Collections.Concurrent;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>Everything that left the app, by the way on which it left.</summary>
internal sealed class Evidence
{
    private const int Shown = 2000;

    private readonly ConcurrentQueue<(Channel Channel, string Text)> texts = new();

    public void Add(Channel channel, string text) => texts.Enqueue((channel, text));

    /// <summary>How much there is on a channel: a test that saw nothing has shown nothing.</summary>
    public int Count(Channel channel) => texts.Count(one => one.Channel == channel);

    /// <summary>What should not be there: a line for each text that holds something confidential.</summary>
    public IReadOnlyList<string> Find(Confidential confidential) =>
    [
        .. texts.Select(one => confidential.IsIn(one.Text, out var name)
                ? $"{one.Channel} shows the {name}: {(one.Channel == Channel.Database ? "" : Start(one.Text))}"
                : null)
            .OfType<string>(),
    ];

    public void ShouldNotShow(Confidential confidential)
    {
        var found = Find(confidential);
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static string Start(string text) => text.Length > Shown ? text[..Shown] : text;
}
