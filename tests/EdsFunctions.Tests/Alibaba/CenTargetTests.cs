namespace EdsFunctions.Tests.Alibaba;

public sealed class CenTargetTests
{
    /// <summary>The regions of the vendor's endpoint map.</summary>
    public static TheoryData<string> Regions =>
    [
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-beijing", "cn-chengdu",
        "cn-guangzhou", "cn-hangzhou", "cn-hangzhou-finance", "cn-hongkong", "cn-nanjing", "cn-qingdao", "cn-shanghai",
        "cn-shanghai-finance-1", "cn-shenzhen", "cn-wulanchabu", "cn-zhangjiakou", "eu-central-1", "eu-west-1", "me-central-1",
        "me-east-1", "us-east-1", "us-west-1",
    ];

    /// <summary>What must never become part of a host name.</summary>
    public static TheoryData<string> NotRegions =>
    [
        "", " ", "-", "evil.com/#", "cn-hangzhou.evil", "cn-hangzhou.", "cn-hangzhou/", "cn-hangzhou#", "cn-hangzhou?x=",
        "cn-hangzhou:80", "user@cn-hangzhou", "cn_hangzhou",
        "cn hangzhou", "CN-hangzhou", "cn-Hangzhou", "cn--hangzhou", "-cn", "cn-", "1-cn",
        "cn-hangzhou\n", "cn-hangzhou\r\n", "\ncn-hangzhou", "cn-hangzhou\0", "cn-hangzhou ", "cn-hang\tzhou", "cn-hangzhou%2e",
        "cn-hangzh\u00F6u", "ap-southeast-\u0661", "ap-southeast-\uFF11", "cn\u2010hangzhou", "cn-hangzhou\u3002evil",
        "\u0441n-hangzhou", "cn-\u0130stanbul", "cn-\u212Aey",
        new string('a', 41), new string('a', 300), $"cn-{new string('a', 300)}",
    ];

    public static TheoryData<string> NotCens =>
    [
        "", " ", "cen", "cen-", "-cen-a", "cen--a", "CEN-3weq30r6t0s7t4abcd", "cen-3WEQ", "vpc-3weq30r6t0s7t4abcd", "xcen-abc",
        "cen-a b", "cen-a\n", "cen-a\0",
        "cen-a\"", "cen-a\"}", "cen-a\\", "cen-a,b", "cen-a&RegionId=x", "cen-a/..", "cen-a-b", "cen-a_b",
        "cen-\u0661", "cen-\u0430", new string('a', 64), $"cen-{new string('a', 61)}", $"cen-{new string('a', 300)}",
    ];

    [Theory]
    [MemberData(nameof(Regions))]
    public void Every_region_that_the_vendor_lists_is_accepted(string region)
    {
        Assert.True(CenTarget.IsRegionId(region));
        Assert.Equal(region, new CenTarget(region, null, null).RegionId);
    }

    [Theory]
    [InlineData("cn")]
    [InlineData("sa-east-12-finance-2")]
    [InlineData("a-very-long-region-that-may-come-one-day")]
    public void A_region_that_nobody_has_seen_yet_is_accepted_by_its_shape(string region) =>
        Assert.True(CenTarget.IsRegionId(region));

    [Theory]
    [MemberData(nameof(NotRegions))]
    public void Anything_else_is_refused_before_it_becomes_a_host_name(string text)
    {
        Assert.False(CenTarget.IsRegionId(text));
        var refusal = Assert.Throws<ArgumentException>(() => new CenTarget(text, null, null));
        Assert.Equal("regionId", refusal.ParamName);
        Assert.True(text.Length < 3 || !refusal.Message.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cen-3weq30r6t0s7t4abcd")]
    [InlineData("cen-1")]
    [InlineData("cen-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_CEN_id_is_accepted(string cenId)
    {
        Assert.True(CenId.TryParse(cenId, out _));
        Assert.Equal(cenId, new CenTarget("cn-hangzhou", cenId, null).CenId);
    }

    [Theory]
    [MemberData(nameof(NotCens))]
    public void Anything_else_is_not_a_CEN_id(string text)
    {
        Assert.False(CenId.TryParse(text, out _));
        var refusal = Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", text, null));
        Assert.Equal("cenId", refusal.ParamName);
        Assert.True(text.Length < 5 || !refusal.Message.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void An_owner_without_a_CEN_is_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", null, new AccountId(1234567890123456)));

        Assert.Equal("cenOwnerId", refusal.ParamName);
        Assert.DoesNotContain("123456789012", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_text_masks_the_owner()
    {
        var text = new CenTarget("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456)).ToString();

        Assert.Contains("cen-3weq30r6t0s7t4abcd", text, StringComparison.Ordinal);
        Assert.Contains("************3456", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567890123456", text, StringComparison.Ordinal);
    }
}
