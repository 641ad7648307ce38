namespace EdsFunctions.Tests.Alibaba;

public sealed class EcdOutcomeTests
{
    public static TheoryData<EcdOutcome, string> Names => new()
    {
        { new EcdOutcome.Accepted("R-1"), "accepted" },
        { new EcdOutcome.Rejected(new EcdError("Throttling", 400)), "rejected" },
        { new EcdOutcome.NotSent("no connection"), "not-sent" },
        { new EcdOutcome.Unknown("no answer"), "unknown" },
    };

    /// <summary>A dashboard or an alert that someone has made counts by these names.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Each_outcome_keeps_its_name_in_logs_and_metrics(EcdOutcome outcome, string name) => Assert.Equal(name, outcome.Name());
}
