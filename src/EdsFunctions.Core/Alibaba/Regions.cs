namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The regions that the app accepts: those of Alibaba's SDK (ecd 5.1.0) and of <c>Alibaba:AdditionalRegions</c>. A
/// region becomes part of a host name, so an arbitrary region could lead to the host of a third party.
/// </summary>
/// <param name="additional">The regions of the configuration.</param>
public sealed class Regions(IEnumerable<string> additional)
{
    private static readonly string[] Published =
    [
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-beijing",
        "cn-chengdu", "cn-guangzhou", "cn-hangzhou", "cn-hangzhou-finance", "cn-hongkong", "cn-nanjing", "cn-qingdao",
        "cn-shanghai", "cn-shanghai-finance-1", "cn-shenzhen", "cn-wulanchabu", "cn-zhangjiakou", "eu-central-1",
        "eu-west-1", "me-central-1", "me-east-1", "us-east-1", "us-west-1",
    ];

    private readonly HashSet<string> all = [.. Published, .. additional];

    public bool Contains(string regionId) => all.Contains(regionId);
}
