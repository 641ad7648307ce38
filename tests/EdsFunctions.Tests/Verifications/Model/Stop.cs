namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>Where an operation does not go on.</summary>
/// <param name="Kind">At which kind of place.</param>
/// <param name="Number">Which of them, from 1.</param>
/// <param name="Dies">Whether its process dies there; otherwise it stands still until it is resumed.</param>
internal sealed record Stop(PointKind Kind, int Number, bool Dies)
{
    public override string ToString() => $"{(Dies ? "dies" : "stands still")} {Words} {Number}";

    private string Words => Kind switch
    {
        PointKind.AfterRead => "after read",
        PointKind.BeforeWrite => "before write",
        PointKind.AfterWrite => "after write",
        PointKind.BeforeCall => "before call",
        _ => "after call",
    };
}
