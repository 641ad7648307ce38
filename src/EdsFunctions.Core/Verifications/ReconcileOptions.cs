namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Configuration section <c>Reconcile</c>: whether to complete what Alibaba shows as attached. It needs the permission
/// <c>ecd:DescribeOfficeSites</c>.
/// </summary>
public sealed class ReconcileOptions
{
    public const string Section = "Reconcile";

    public bool Enabled { get; set; }
}
