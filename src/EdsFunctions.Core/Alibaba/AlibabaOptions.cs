using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Configuration section <c>Alibaba</c>: the endpoint, the regions and the timeout of calls to Alibaba Cloud.
/// </summary>
public sealed class AlibabaOptions
{
    public const string Section = "Alibaba";

    /// <summary>
    /// The URL that calls to Alibaba Cloud go to, in place of <c>https://ecd.&lt;region&gt;.aliyuncs.com</c>. Has a
    /// scheme, a host and a port only. Default: none. Outside Development, the URL must be a loopback address.
    /// </summary>
    public Uri? EndpointOverride { get; set; }

    /// <summary>
    /// The ids of regions that the app accepts in addition to those of Alibaba's SDK, such as <c>cn-heyuan</c>.
    /// Default: none.
    /// </summary>
    public IList<string> AdditionalRegions { get; } = [];

    /// <summary>The timeout of one attempt to call Alibaba Cloud: 100 ms to 1 minute. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The timeout of a whole call to Alibaba Cloud: all its attempts, and the delays between them.</summary>
    public TimeSpan Budget => Timeout * 2;

    /// <summary>Validates the endpoint and the regions, because both decide which host gets signed requests.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment) => EndpointOverride switch
    {
        _ when AdditionalRegions.Any(region => !CenTarget.IsRegionId(region)) =>
            ["Alibaba:AdditionalRegions must be region ids such as cn-hangzhou."],
        null => [],
        { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") }
            or { PathAndQuery: not "/" } or { UserInfo: not "" } =>
            ["Alibaba:EndpointOverride must consist of scheme, host and port, such as http://127.0.0.1:7072."],
        { IsLoopback: false } when !environment.IsDevelopment() =>
            ["Outside the Development environment, Alibaba:EndpointOverride must be a loopback address."],
        _ => [],
    };
}
