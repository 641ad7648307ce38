namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>Remembers nonces for as long as the request that carried one could be replayed.</summary>
/// <param name="capacity">So that a long load test does not eat the machine; a nonce pushed out early could be used again.</param>
internal sealed class NonceWindow(int capacity = 200_000)
{
    // A date may lie 15 minutes ahead and stays good for 15 minutes after: half an hour in all.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private readonly HashSet<string> nonces = [];
    private readonly Queue<(string Nonce, DateTimeOffset UsedAt)> byAge = new();

    /// <returns>False if it was used before.</returns>
    public bool TryUse(string nonce, DateTimeOffset now)
    {
        lock (gate)
        {
            while (byAge.TryPeek(out var oldest) && (now - oldest.UsedAt > Window || byAge.Count == capacity))
                nonces.Remove(byAge.Dequeue().Nonce);

            if (!nonces.Add(nonce))
                return false;
            byAge.Enqueue((nonce, now));
            return true;
        }
    }
}
