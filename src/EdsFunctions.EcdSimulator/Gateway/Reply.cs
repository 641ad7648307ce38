namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>What the caller gets to see.</summary>
/// <param name="Outcome">For the request log.</param>
internal abstract record Reply(string Outcome)
{
    /// <param name="Outcome">For the request log.</param>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Body">JSON, or what is left of it.</param>
    /// <param name="RetryAfterMs">For the <c>x-acs-retry-after</c> header.</param>
    internal sealed record Answer(string Outcome, int Status, string Body, int? RetryAfterMs = null) : Reply(Outcome);

    /// <summary>Nothing, on a connection that stays open.</summary>
    internal sealed record Silence(string Outcome) : Reply(Outcome);

    /// <summary>The connection ends.</summary>
    internal sealed record Hangup(string Outcome) : Reply(Outcome);
}
