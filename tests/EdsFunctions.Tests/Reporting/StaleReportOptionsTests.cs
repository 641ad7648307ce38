namespace EdsFunctions.Tests.Reporting;

public sealed class StaleReportOptionsTests
{
    [Theory]
    [InlineData("0 */15 * * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 30 8-18 * * MON-FRI")]
    public void A_schedule_has_six_fields_the_first_for_seconds(string schedule) => Assert.True(Validate(schedule).Succeeded);

    /// <summary>Names and expressions of another length are read by some parsers, and not by the Functions host.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("@hourly")]
    [InlineData("*/15 * * * *")]
    [InlineData("0 */15 * * * * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("0 every 15 minutes or so")]
    public void Any_other_schedule_is_refused_with_an_example_of_a_good_one(string schedule) => Assert.Equal(
        "StaleReportSchedule must be an NCRONTAB expression of six fields, such as 0 */15 * * * * for every 15 minutes.",
        Validate(schedule).FailureMessage);

    private static ValidateOptionsResult Validate(string schedule) =>
        new ScheduleValidator().Validate(name: null, new StaleReportOptions { Schedule = schedule });
}
