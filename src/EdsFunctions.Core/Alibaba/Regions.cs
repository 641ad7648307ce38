namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// The regions in which the Elastic Desktop Service is served: those of Alibaba's SDK (ecd 5.1.0) and those of the configuration. A
/// region becomes part of a host name, and a text that only looks like one can name a host that belongs to somebody else.
/// </summary>
/// <param name="additional">The regions of the configuration.</param>
public sealed class Regions(IEnumerable<string> additional)
{
    private static readonly string[] Published =
    [
        "ap-northeast-1", "ap-southeast-1", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "cn-beijing", "cn-chengdu",
        "cn-guangzhou", "cn-hangzhou", "cn-hangzhou-finance", "cn-hongkong", "cn-nanjing", "cn-qingdao", "cn-shanghai",
        "cn-shanghai-finance-1", "cn-shenzhen", "cn-wulanchabu", "cn-zhangjiakou", "eu-central-1", "eu-west-1", "me-central-1",
        "me-east-1", "us-east-1", "us-west-1",
    ];

    private readonly HashSet<string> served = [.. Published, .. additional];

    /// <summary>Whether the service is served in a region.</summary>
    public bool Contains(string regionId) => served.Contains(regionId);
}
