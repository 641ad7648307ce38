namespace EdsFunctions.Tests.Verifications;

/// <summary>The limit of codes to one owner in an hour.</summary>
public sealed class OwnerSendsTests
{
    private static readonly DateTimeOffset Noon = VerificationBuilder.Noon;
    private static readonly OwnerSends None =
        new(new AccountId(VerificationBuilder.DefaultOwner), new Dictionary<long, int>());

    [Fact]
    public void WaitFor_BelowTheLimit_IsNoWait()
    {
        Assert.Null(None.WaitFor(1, Noon));
        Assert.Null(None.Add(Noon).WaitFor(2, Noon));
        Assert.Null(None.Add(Noon).Add(Noon).Remove(Noon).WaitFor(2, Noon));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(59)]
    public void WaitFor_AtTheLimit_LastsAtLeastAnHourFromTheSendAndAMinuteMoreAtMost(int second)
    {
        var sentAt = Noon.AddSeconds(second);
        var sends = None.Add(sentAt);

        var wait = Assert.NotNull(sends.WaitFor(1, sentAt));

        Assert.InRange(wait, TimeSpan.FromHours(1), TimeSpan.FromMinutes(61));
        Assert.Equal(TimeSpan.FromTicks(1), sends.WaitFor(1, sentAt + wait - TimeSpan.FromTicks(1)));
        Assert.Null(sends.WaitFor(1, sentAt + wait));
    }

    [Fact]
    public void WaitFor_SendsOverTheHour_EndsWhenTheOldestThatFillsTheLimitPasses()
    {
        var sends = None.Add(Noon).Add(Noon.AddMinutes(10)).Add(Noon.AddMinutes(10)).Add(Noon.AddMinutes(40));
        var now = Noon.AddMinutes(50);

        Assert.Equal(TimeSpan.FromMinutes(11), sends.WaitFor(4, now));
        Assert.Equal(TimeSpan.FromMinutes(21), sends.WaitFor(3, now));
        Assert.Equal(TimeSpan.FromMinutes(21), sends.WaitFor(2, now));
        Assert.Equal(TimeSpan.FromMinutes(51), sends.WaitFor(1, now));
        Assert.Null(sends.WaitFor(5, now));
    }

    /// <summary>The test makes a request every second for three hours.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void WaitFor_UnderPressure_AllowsNoMoreThanTheLimitInAnyHour(int limit)
    {
        var (sends, sentAt) = (None, new List<DateTimeOffset>());
        for (var now = Noon.AddSeconds(47); now < Noon.AddHours(3); now = now.AddSeconds(1))
        {
            if (sends.WaitFor(limit, now) is null)
            {
                sends = sends.Add(now);
                sentAt.Add(now);
            }
        }

        Assert.Equal(limit * 3, sentAt.Count);
        Assert.All(
            sentAt, start => Assert.InRange(sentAt.Count(at => at >= start && at < start.AddHours(1)), 1, limit));
    }

    [Fact]
    public void Add_AfterTheHour_ForgetsWhatNoLongerCounts()
    {
        var sends = None.Add(Noon).Add(Noon.AddMinutes(1)).Add(Noon.AddMinutes(61));

        Assert.Equal([1, 1], sends.ByMinute.Values);
        Assert.Equal(sends.ByMinute, OwnerSends.FromJson(sends.Owner, sends.ToJson(), "7").ByMinute);
    }
}
