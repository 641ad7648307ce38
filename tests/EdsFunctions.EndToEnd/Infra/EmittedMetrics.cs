using System.Diagnostics.Metrics;

namespace EdsFunctions.Tests.Infra;

/// <summary>What the app's own meter measures, with every value that a tag of a closed set can have.</summary>
internal static class EmittedMetrics
{
    public static IReadOnlyList<Measured> Measure()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new EdsMetrics(services.GetRequiredService<IMeterFactory>());
        var ecdMetrics = new EcdMetrics(services.GetRequiredService<IMeterFactory>());
        var reports = new ReportMetrics(services.GetRequiredService<IMeterFactory>());
        using var captured = new CapturedMetrics(services);

        EcdOutcome[] outcomes =
        [
            new EcdOutcome.Accepted("r"),
            new EcdOutcome.Rejected(new EcdError("NoPermission", 403)),
            new EcdOutcome.NotSent("down"),
            new EcdOutcome.Unknown("timeout"),
        ];
        foreach (var outcome in outcomes)
        {
            ecdMetrics.EcdCall(EcdOperation.SendVerifyCode.Action, outcome, TimeSpan.FromSeconds(1));
        }

        ecdMetrics.VaultRead(succeeded: true);
        ecdMetrics.VaultRead(succeeded: false);
        ecdMetrics.CredentialsUsed(TimeSpan.FromSeconds(1));
        foreach (var state in Enum.GetValues<VerificationState>().Where(state => !state.IsOpen()))
        {
            metrics.VerificationClosed(state.Name(), TimeSpan.FromSeconds(1));
        }

        foreach (var kind in Enum.GetValues<ReportChannelKind>())
        {
            reports.ReportDelivered(kind, accepted: true);
            reports.ReportDelivered(kind, accepted: false);
        }

        reports.ReportFailed();
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        reports.ReportEnded(
            now, allDelivered: true, new StaleDigest(now, TimeSpan.Zero, 1, 1, [], TimeSpan.FromSeconds(1), new AgeCounts()));
        captured.Gauge("eds.report.last_success");
        return captured.All;
    }
}
