namespace EdsFunctions.EcdSimulator;

/// <summary>
/// The ways in which the simulator can make a valid request fail. "Work" is the effect of the request, such as to send
/// the e-mail.
/// </summary>
public enum FaultKind
{
    /// <summary>400 <c>Throttling.User</c>; no work.</summary>
    Throttle,

    /// <summary>503 <c>ServiceUnavailable</c>; no work.</summary>
    Unavailable,

    /// <summary>No response until the client disconnects or the server stops; no work.</summary>
    Hang,

    /// <summary>Closes the connection without a response; no work.</summary>
    CloseBeforeWork,

    /// <summary>Does the work, then closes the connection without a response.</summary>
    CloseAfterWork,

    /// <summary>Does the work, then sends truncated JSON.</summary>
    Malformed,

    /// <summary>403 <c>Forbidden.RAM</c>; no work.</summary>
    Denied,
}

/// <summary>A fault that the simulator applies to the next requests that match it.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Action">The operation, such as <c>SendVerifyCode</c>; null for any.</param>
/// <param name="CenId">The CEN, so that tests can share a simulator; null for any.</param>
/// <param name="Times">The number of requests to fail, at least one.</param>
/// <param name="RetryAfterMs">The <c>x-acs-retry-after</c> header of <see cref="FaultKind.Throttle"/>.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Action = null,
    string? CenId = null,
    int Times = 1,
    int? RetryAfterMs = null)
{
    /// <summary>The name of the kind in JSON, such as <c>closeAfterWork</c>.</summary>
    internal string Name => GetName(Kind);

    internal static string GetName(FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}

/// <summary>
/// The faults that wait for matching requests. A request uses one turn of the first fault that matches it, if its
/// headers and parameters are valid. The code and the office network may be wrong, because only the work checks them.
/// </summary>
public sealed class ScheduledFaults
{
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    /// <summary>A snapshot of the faults, oldest first, with the remaining <see cref="Fault.Times"/>.</summary>
    public IReadOnlyList<Fault> Items
    {
        get
        {
            lock (gate)
                return [.. faults];
        }
    }

    /// <exception cref="ArgumentOutOfRangeException"><see cref="Fault.Times"/> is less than 1.</exception>
    public void Add(Fault fault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.Times, 1);
        lock (gate)
            faults.Add(fault);
    }

    public void Clear()
    {
        lock (gate)
            faults.Clear();
    }

    internal Fault? Consume(string action, string? cenId)
    {
        lock (gate)
        {
            var index = faults.FindIndex(fault =>
                (fault.Action is null || fault.Action == action) && (fault.CenId is null || fault.CenId == cenId));
            if (index < 0)
                return null;

            var fault = faults[index];
            if (fault.Times == 1)
                faults.RemoveAt(index);
            else
                faults[index] = fault with { Times = fault.Times - 1 };
            return fault;
        }
    }
}
