namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Counts the places that an operation passes, and knows the one where it stops.</summary>
internal sealed class Points(Stop? stop)
{
    private readonly int[] passed = new int[Enum.GetValues<PointKind>().Length];

    /// <summary>Whether the operation stops here.</summary>
    public bool StopsAt(PointKind kind) => ++passed[(int)kind] == stop?.Number && kind == stop.Kind;
}
