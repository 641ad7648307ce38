using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Verifications;

/// <summary>Tells whether the app runs in Azure.</summary>
internal static class AzureHost
{
    /// <summary>
    /// The environment variables of which Azure sets at least one. On Flex Consumption, the instance id may be empty.
    /// </summary>
    private static readonly string[] Variables = ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID"];

    /// <summary>
    /// The environment variable that Azure sets in a container. A developer's container may have the variable too, so
    /// it does not count in Development.
    /// </summary>
    private const string ContainerVariable = "CONTAINER_NAME";

    public static bool IsCurrent(IHostEnvironment environment, IConfiguration configuration) =>
        Array.Exists(Variables, name => !string.IsNullOrEmpty(configuration[name]))
        || (!environment.IsDevelopment() && !string.IsNullOrEmpty(configuration[ContainerVariable]));
}
