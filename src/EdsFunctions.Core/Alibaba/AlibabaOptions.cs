using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Configuration section <c>Alibaba</c>: endpoint, regions and timeout of the Elastic Desktop Service.
/// </summary>
public sealed class AlibabaOptions
{
    public const string Section = "Alibaba";

    /// <summary>
    /// An absolute URL of scheme, host and port that replaces <c>https://ecd.&lt;region&gt;.aliyuncs.com</c>. Default:
    /// none. Outside Development it must be a loopback address.
    /// </summary>
    public Uri? EndpointOverride { get; set; }

    /// <summary>
    /// Region ids to accept besides those of Alibaba's SDK, such as <c>cn-heyuan</c>. Default: none.
    /// </summary>
    public IList<string> AdditionalRegions { get; } = [];

    /// <summary>Timeout of one attempt: 100 ms to 1 minute. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Timeout of a call: all attempts and the delays between them.</summary>
    public TimeSpan Budget => Timeout * 2;

    /// <summary>Validates the endpoint and the regions, since both decide which host gets signed requests.</summary>
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
