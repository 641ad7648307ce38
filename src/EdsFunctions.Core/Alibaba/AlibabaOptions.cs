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

    /// <summary>How long one attempt may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all attempts of one call may take together, waits between them included.</summary>
    public TimeSpan Budget => Timeout * 2;
}

/// <summary>Checks <see cref="AlibabaOptions"/> at start-up.</summary>
[OptionsValidator]
internal sealed partial class AlibabaOptionsValidator : IValidateOptions<AlibabaOptions>;

/// <summary>Checks the endpoint of <see cref="AlibabaOptions"/>: a signed request must not go just anywhere.</summary>
internal sealed class EndpointOverrideValidator(IHostEnvironment environment) : IValidateOptions<AlibabaOptions>
{
    public ValidateOptionsResult Validate(string? name, AlibabaOptions options) => options.EndpointOverride switch
    {
        null => ValidateOptionsResult.Success,
        { IsAbsoluteUri: false } or { Scheme: not ("http" or "https") } or { PathAndQuery: not "/" } or { UserInfo: not "" } =>
            ValidateOptionsResult.Fail("Alibaba:EndpointOverride must be scheme, host and port, such as http://127.0.0.1:7072."),
        { IsLoopback: false } when !environment.IsDevelopment() =>
            ValidateOptionsResult.Fail("Alibaba:EndpointOverride must be a loopback address outside of the Development environment."),
        _ => ValidateOptionsResult.Success,
    };
}
