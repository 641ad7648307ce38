namespace EdsFunctions.EcdSimulator.Control;

/// <summary>A fault as ordered over HTTP: <c>{"kind":"throttle","retryAfterMs":1500,"times":2}</c>.</summary>
internal sealed record FaultOrder(string? Kind, string? Action, string? CenId, int? Times, int? RetryAfterMs)
{
    private static readonly Dictionary<string, FaultKind> Kinds =
        Enum.GetValues<FaultKind>().Select(kind => new Fault(kind)).ToDictionary(fault => fault.Name, fault => fault.Kind);

    /// <summary>The inverse of <see cref="ToFault"/>, <c>times</c> being what is left.</summary>
    public static FaultOrder Of(Fault fault) =>
        new(fault.Name, fault.Action, fault.CenId, fault.Times, fault.RetryAfterMs);

    /// <exception cref="JsonException">Not a fault; the message says why.</exception>
    public Fault ToFault(IReadOnlyList<string> actions)
    {
        if (Kind is null || !Kinds.TryGetValue(Kind, out var kind))
            throw new JsonException($"kind must be one of {string.Join(", ", Kinds.Keys)}.");
        if (Action is not null && !actions.Contains(Action))
            throw new JsonException($"action must be one of {string.Join(", ", actions)}, or left out.");
        if (Times < 1)
            throw new JsonException("times must be at least 1.");
        if (RetryAfterMs is not null && (RetryAfterMs < 0 || kind != FaultKind.Throttle))
            throw new JsonException("retryAfterMs must not be negative, and goes with throttle only.");
        return new Fault(kind, Action, CenId, Times ?? 1, RetryAfterMs);
    }
}
