using System.Diagnostics;

namespace EdsFunctions.Core.Telemetry;

/// <summary>The source of the app's own activities (spans).</summary>
public static class EdsActivities
{
    public const string SourceName = "EdsFunctions";

    internal static ActivitySource Source { get; } = new(SourceName);
}
