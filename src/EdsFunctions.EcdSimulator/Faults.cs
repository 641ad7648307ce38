namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Ways in which a well-formed, correctly signed request fails. "Work" is what the operation is for: sending the
/// e-mail, attaching the CEN.
/// </summary>
public enum FaultKind
{
    /// <summary>400 <c>Throttling.User</c>; no work.</summary>
    Throttle,

    /// <summary>503 <c>ServiceUnavailable</c>; no work.</summary>
    Unavailable,

    /// <summary>No response until the client disconnects or the server stops; no work.</summary>
    Hang,

    /// <summary>The connection ends without a response; no work.</summary>
    CloseBeforeWork,

    /// <summary>The work is done, then the connection ends without a response.</summary>
    CloseAfterWork,

    /// <summary>The work is done; the response is truncated JSON.</summary>
    Malformed,

    /// <summary>403 <c>Forbidden.RAM</c>; no work.</summary>
    Denied,
}

/// <summary>Makes requests fail.</summary>
/// <param name="Kind">How.</param>
/// <param name="Action">Only requests for this operation, such as <c>SendVerifyCode</c>; null for any.</param>
/// <param name="CenId">Only requests for this CEN, so that tests can share a simulator; null for any.</param>
/// <param name="Times">How many requests; at least one.</param>
/// <param name="RetryAfterMs">The <c>x-acs-retry-after</c> header of <see cref="FaultKind.Throttle"/>.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Action = null,
    string? CenId = null,
    int Times = 1,
    int? RetryAfterMs = null)
{
    /// <summary>The kind as it is written in JSON: <c>closeAfterWork</c>.</summary>
    internal string Name => GetName(Kind);

    internal static string GetName(FaultKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}

/// <summary>
/// The faults to come, in order. A request that passed all checks uses up one turn of the first fault that matches it;
/// a request that is refused anyway uses up none. Wrong codes and wrong office networks are found by the work itself,
/// after the fault was chosen.
/// </summary>
public sealed class ScheduledFaults
{
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    /// <summary>A snapshot, oldest first; <see cref="Fault.Times"/> is what is left.</summary>
    public IReadOnlyList<Fault> Items
    {
        get
        {
            lock (gate)
                return [.. faults];
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The fault happens less than once.</exception>
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

    internal Fault? Take(string action, string? cenId)
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
