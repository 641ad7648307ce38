using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Configuration section <c>Alibaba</c>: where the Elastic Desktop Service is and how long it may take.</summary>
public sealed class AlibabaOptions
{
    public const string Section = "Alibaba";

    /// <summary>
    /// Another place than <c>https://ecd.&lt;region&gt;.aliyuncs.com</c>: scheme, host and port. Loopback only, unless in Development.
    /// </summary>
    public Uri? EndpointOverride { get; set; }

    /// <summary>Regions that are served beside those of <see cref="Regions"/>, such as <c>cn-heyuan</c>.</summary>
    public IList<string> AdditionalRegions { get; } = [];

    /// <summary>How long one attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all attempts of one call may take together, waits between them included.</summary>
    public TimeSpan Budget => Timeout * 2;

    /// <summary>Checks the endpoint and the regions at start-up: a signed request must not go just anywhere.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment) => EndpointOverride switch
    {
        _ when AdditionalRegions.Any(region => !CenTarget.IsRegionId(region)) => ["Alibaba:AdditionalRegions must be regions such as cn-hangzhou."],
        null => [],
        { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } or { PathAndQuery: not "/" } or { UserInfo: not "" } =>
            ["Alibaba:EndpointOverride must be scheme, host and port, such as http://127.0.0.1:7072."],
        { IsLoopback: false } when !environment.IsDevelopment() =>
            ["Alibaba:EndpointOverride must be a loopback address outside of the Development environment."],
        _ => [],
    };
}
