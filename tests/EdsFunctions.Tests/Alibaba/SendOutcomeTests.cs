using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Tests.Alibaba;

public sealed class SendOutcomeTests
{
    public static TheoryData<SendOutcome, string> Names => new()
    {
        { new SendOutcome.Accepted("R-1"), "accepted" },
        { new SendOutcome.Rejected(new EcdError("Throttling", 400)), "rejected" },
        { new SendOutcome.NotSent("no connection"), "not-sent" },
        { new SendOutcome.Unknown("no answer"), "unknown" },
    };

    /// <summary>A dashboard or an alert that someone has made counts by these names.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Each_outcome_keeps_its_name_in_logs_and_metrics(SendOutcome outcome, string name) => Assert.Equal(name, outcome.Name());
}
