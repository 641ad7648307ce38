namespace EdsFunctions.Tests.Alibaba;

public sealed class ValueTypeTests
{
    /// <summary>The regions in Alibaba's list of endpoints, and regions that may exist in future.</summary>
    [Theory]
    [InlineData("cn", "cn-hangzhou", "cn-shanghai-finance-1", "ap-southeast-7", "us-west-1", "sa-east-12-finance-2")]
    [InlineData("a-very-long-region-that-may-come-one-day")]
    public void IsRegionId_WellFormed_ReturnsTrue(params string[] regions) => Assert.All(regions, region =>
    {
        Assert.True(CenTarget.IsRegionId(region));
        Assert.Equal(region, new CenTarget(region, null, null).RegionId);
    });

    [Theory]
    [InlineData("", " ", "-", "evil.com/#", "cn-hangzhou.evil", "cn-hangzhou.", "cn-hangzhou/", "cn-hangzhou#")]
    [InlineData("cn-hangzhou?x=", "cn-hangzhou:80", "user@cn-hangzhou", "cn_hangzhou", "cn hangzhou", "CN-hangzhou")]
    [InlineData("cn-Hangzhou", "cn--hangzhou", "-cn", "cn-", "1-cn", "cn-hangzhou\n", "cn-hangzhou\r\n")]
    [InlineData("\ncn-hangzhou", "cn-hangzhou\0", "cn-hangzhou ")]
    [InlineData("cn-hang\tzhou", "cn-hangzhou%2e", "cn-hangzh\u00F6u", "ap-southeast-\u0661", "ap-southeast-\uFF11")]
    [InlineData("cn\u2010hangzhou", "cn-hangzhou\u3002evil", "\u0441n-hangzhou", "cn-\u0130stanbul", "cn-\u212Aey")]
    [InlineData("a-very-long-region-that-may-never-come-up")]
    public void IsRegionId_Malformed_ReturnsFalseAndCenTargetThrows(params string[] texts) => Assert.All(texts, text =>
    {
        Assert.False(CenTarget.IsRegionId(text));
        Assert.Equal(
            "The region is malformed. (Parameter 'regionId')",
            Assert.Throws<ArgumentException>(() => new CenTarget(text, null, null)).Message);
    });

    [Theory]
    [InlineData("cen-3weq30r6t0s7t4abcd", "cen-1", "cen-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void ParseCenId_WellFormed_ReturnsIt(params string[] texts) => Assert.All(texts, text =>
    {
        var id = Assert.NotNull(CenId.Parse(text));
        Assert.Equal((text, text), (id.Value, new CenTarget("cn-hangzhou", text, null).CenId));
    });

    [Theory]
    [InlineData("", " ", "cen", "cen-", "-cen-a", "cen--a", "CEN-3weq30r6t0s7t4abcd", "cen-3WEQ", "xcen-abc")]
    [InlineData("vpc-3weq30r6t0s7t4abcd", "cen-a b", "cen-a\n", "cen-a\0", "cen-a\"", "cen-a\"}", "cen-a\\", "cen-a,b")]
    [InlineData("cen-a&RegionId=x", "cen-a/..")]
    [InlineData("cen-a-b", "cen-a_b", "cen-\u0661", "cen-\u0430")]
    [InlineData("cen-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void ParseCenId_Malformed_ReturnsNullAndCenTargetThrows(params string[] texts) => Assert.All(texts, text =>
    {
        Assert.Null(CenId.Parse(text));
        Assert.Equal(
            "The CEN id is malformed. (Parameter 'cenId')",
            Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", text, null)).Message);
    });

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1234567890123456", 1234567890123456)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void ParseAccountId_Digits_ReturnsIt(string text, long expected)
    {
        var id = Assert.NotNull(AccountId.Parse(text));
        Assert.Equal(expected, id.Value);
    }

    [Theory]
    [InlineData("", "0", "01", "-1", "+1", " 1", "1 ", "1\n", "1\0", "1,000", "1.0", "1e3", "0x1F", "(1)", "account")]
    [InlineData("١٢٣", "１２３", "9223372036854775808", "12345678901234567890123456789012345678901234567890")]
    public void ParseAccountId_Malformed_ReturnsNull(params string[] texts) =>
        Assert.All(texts, text => Assert.Null(AccountId.Parse(text)));

    [Theory]
    [InlineData(1234567890123456, "************3456")]
    [InlineData(12345, "*2345")]
    [InlineData(1234, "****")]
    [InlineData(1, "*")]
    public void ToString_AccountId_MasksAllButTheLastFourDigits(long value, string expected) =>
        Assert.Equal(expected, $"{new AccountId(value)}");

    [Theory]
    [InlineData(true, "192.168.0.0/24", "0.0.0.0/0", "10.0.0.1/32")]
    [InlineData(false, "192.168.0.1/24", "192.168.0.0", "192.168.0.0/33", "192.168.0.0/024", "192.168/16", "fd00::/8")]
    [InlineData(false, " 10.0.0.0/8", "")]
    public void ParseCidrBlock_OtherThanCanonicalIPv4_ReturnsNull(bool isBlock, params string[] texts) =>
        Assert.All(texts, text => Assert.Equal(isBlock, CidrBlock.Parse(text) is not null));

    [Theory]
    [InlineData(true, "739182", "aB3", "12345678901234567890123456789012")]
    [InlineData(false, "123456789012345678901234567890123", "", "73 91", "７３９", "73-91")]
    public void ParseVerifyCode_OtherThanLettersAndDigits_ReturnsNull(bool isCode, params string[] texts) =>
        Assert.All(texts, text => Assert.Equal(isCode, VerifyCode.Parse(text) is not null));

    [Theory]
    [InlineData(true, "cn-hangzhou+dir-363353xxxx", "A_b.c-d+e")]
    [InlineData(false, "+dir", "dir/363", "dir 363", "dir\n", "")]
    public void ParseOfficeSiteId_Malformed_ReturnsNull(bool isId, params string[] texts) =>
        Assert.All(texts, text => Assert.Equal(isId, OfficeSiteId.Parse(text) is not null));

    [Fact]
    public void CreateCenTarget_OwnerWithoutCen_Throws() => Assert.Equal(
        "cenOwnerId",
        Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", null, new AccountId(1))).ParamName);

    [Fact]
    public void ToString_CenTarget_MasksTheOwner() => Assert.Equal(
        "CenTarget { RegionId = cn-hangzhou, CenId = cen-1, CenOwnerId = ************3456 }",
        $"{new CenTarget("cn-hangzhou", "cen-1", new AccountId(1234567890123456))}");
}
