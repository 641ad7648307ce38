using System.Diagnostics.CodeAnalysis;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Faults on order. A request that passed every check uses up one turn of the first fault that matches it; one that is
/// refused anyway uses up none. A code or an office network that turns out wrong is no such check, but part of the work.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue: of what will go wrong, in order.")]
public sealed class FaultQueue
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

    /// <exception cref="ArgumentOutOfRangeException">A fault that happens less than once.</exception>
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
            var index = faults.FindIndex(fault => fault.Matches(action, cenId));
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
