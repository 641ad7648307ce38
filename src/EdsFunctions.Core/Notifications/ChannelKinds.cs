namespace EdsFunctions.Core.Notifications;

/// <summary>The registered kinds of channels.</summary>
internal sealed class ChannelKinds(IEnumerable<ChannelKind> kinds)
{
    private readonly ChannelKind[] all = [.. kinds];

    /// <summary>The names of the kinds, as a list for error messages.</summary>
    public string Names => $"{string.Join(", ", all.SkipLast(1).Select(kind => kind.Name))} or {all[^1].Name}";

    /// <summary>Finds a kind of channel by its name, ignoring case; null if there is none.</summary>
    public ChannelKind? Find(string? name) =>
        Array.Find(all, kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
