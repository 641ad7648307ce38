namespace EdsFunctions.Tests.Alibaba;

/// <summary>What has the shape of an id, a block of addresses or a code, and what must not pass for one.</summary>
public sealed class ValueTypeTests
{
    /// <summary>The regions of the vendor's endpoint map, and such as may come.</summary>
    public static TheoryData<string> Regions =>
    [
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-beijing", "cn-chengdu",
        "cn-guangzhou", "cn-hangzhou", "cn-hangzhou-finance", "cn-hongkong", "cn-nanjing", "cn-qingdao", "cn-shanghai",
        "cn-shanghai-finance-1", "cn-shenzhen", "cn-wulanchabu", "cn-zhangjiakou", "eu-central-1", "eu-west-1", "me-central-1",
        "me-east-1", "us-east-1", "us-west-1", "cn", "sa-east-12-finance-2", "a-very-long-region-that-may-come-one-day",
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

    public static TheoryData<string> NotAccounts =>
    [
        "", "0", "01", "-1", "+1", " 1", "1 ", "1\n", "1\0", "1,000", "1.0", "1e3", "0x1F", "(1)", "١٢٣", "１２３",
        "9223372036854775808", "12345678901234567890123456789012345678901234567890", "account",
    ];

    [Theory]
    [MemberData(nameof(Regions))]
    public void A_region_is_accepted_by_its_shape(string region)
    {
        Assert.True(CenTarget.IsRegionId(region));
        Assert.Equal(region, new CenTarget(region, null, null).RegionId);
    }

    [Theory]
    [MemberData(nameof(NotRegions))]
    public void Anything_else_is_refused_before_it_becomes_a_host_name(string text)
    {
        Assert.False(CenTarget.IsRegionId(text));
        Assert.Equal(
            "The region is malformed. (Parameter 'regionId')",
            Assert.Throws<ArgumentException>(() => new CenTarget(text, null, null)).Message);
    }

    [Theory]
    [InlineData("cen-3weq30r6t0s7t4abcd")]
    [InlineData("cen-1")]
    [InlineData("cen-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_CEN_id_is_accepted(string text)
    {
        var id = Assert.NotNull(CenId.Parse(text));
        Assert.Equal((text, text), (id.Value, new CenTarget("cn-hangzhou", text, null).CenId));
    }

    [Theory]
    [MemberData(nameof(NotCens))]
    public void Anything_else_is_not_a_CEN_id(string text)
    {
        Assert.Null(CenId.Parse(text));
        Assert.Equal(
            "The CEN id is malformed. (Parameter 'cenId')",
            Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", text, null)).Message);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1234567890123456", 1234567890123456)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Digits_are_an_account(string text, long expected)
    {
        var id = Assert.NotNull(AccountId.Parse(text));
        Assert.Equal(expected, id.Value);
    }

    [Theory]
    [MemberData(nameof(NotAccounts))]
    public void Anything_else_is_not_an_account(string text) => Assert.Null(AccountId.Parse(text));

    [Theory]
    [InlineData(1234567890123456, "************3456")]
    [InlineData(12345, "*2345")]
    [InlineData(1234, "****")]
    [InlineData(1, "*")]
    public void The_text_of_an_account_is_masked_but_for_the_last_four(long value, string expected) =>
        Assert.Equal(expected, $"{new AccountId(value)}");

    [Theory]
    [InlineData("192.168.0.0/24", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.1/32", true)]
    [InlineData("192.168.0.1/24", false)]
    [InlineData("192.168.0.0", false)]
    [InlineData("192.168.0.0/33", false)]
    [InlineData("192.168.0.0/024", false)]
    [InlineData("192.168/16", false)]
    [InlineData("fd00::/8", false)]
    [InlineData(" 10.0.0.0/8", false)]
    [InlineData("", false)]
    public void A_block_is_IPv4_and_canonical(string text, bool isBlock) => Assert.Equal(isBlock, CidrBlock.Parse(text) is not null);

    [Theory]
    [InlineData("739182", true)]
    [InlineData("aB3", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData("73 91", false)]
    [InlineData("７３９", false)]
    [InlineData("73-91", false)]
    public void A_code_is_letters_and_digits(string text, bool isCode) => Assert.Equal(isCode, VerifyCode.Parse(text) is not null);

    [Theory]
    [InlineData("cn-hangzhou+dir-363353xxxx", true)]
    [InlineData("A_b.c-d+e", true)]
    [InlineData("+dir", false)]
    [InlineData("dir/363", false)]
    [InlineData("dir 363", false)]
    [InlineData("dir\n", false)]
    [InlineData("", false)]
    public void An_office_network_has_an_id_of_a_shape(string text, bool isId) => Assert.Equal(isId, OfficeSiteId.Parse(text) is not null);

    [Fact]
    public void An_owner_without_a_CEN_is_refused_and_the_text_of_a_target_masks_the_owner()
    {
        var owner = new AccountId(1234567890123456);

        Assert.Equal("cenOwnerId", Assert.Throws<ArgumentException>(() => new CenTarget("cn-hangzhou", null, owner)).ParamName);
        Assert.Equal(
            "CenTarget { RegionId = cn-hangzhou, CenId = cen-1, CenOwnerId = ************3456 }",
            $"{new CenTarget("cn-hangzhou", "cen-1", owner)}");
    }
}
