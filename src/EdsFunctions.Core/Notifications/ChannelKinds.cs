namespace EdsFunctions.Core.Notifications;

/// <summary>Every kind of channel.</summary>
internal sealed class ChannelKinds(IEnumerable<ChannelKind> kinds)
{
    private readonly ChannelKind[] all = [.. kinds];

    /// <summary>Their names, for a person.</summary>
    public string Names => $"{string.Join(", ", all.SkipLast(1).Select(kind => kind.Name))} or {all[^1].Name}";

    /// <summary>A kind by its name in any case; null if there is no such kind.</summary>
    public ChannelKind? Find(string? name) =>
        Array.Find(all, kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
