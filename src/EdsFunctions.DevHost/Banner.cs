using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Api;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.DevHost;

/// <summary>Writes the addresses, the configuration and three example commands after the host has started.</summary>
internal static class Banner
{
    private const string Example =
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""";

    public static async Task WriteAsync(DevHostApp app, TextWriter to)
    {
        var services = app.Web.Services;
        var store = services.GetRequiredService<IVerificationStore>();
        var url = app.Web.Urls.First().TrimEnd('/') + "/" + VerificationEndpoints.RoutePrefix;
        var report = services.GetRequiredService<IOptions<StaleReportOptions>>().Value;
        var alibaba = app.Simulator is { } simulator
            ? $"the simulator on {simulator.Url} (outbox: {simulator.Url}_simulator/outbox)"
            : services.GetRequiredService<IOptions<AlibabaOptions>>().Value.EndpointOverride?.ToString();

        await to.WriteLineAsync(
            $$"""

            EdsFunctions development host
              listens on   {{string.Join(", ", app.Web.Urls)}}
              Alibaba      {{alibaba}}
              credentials  {{services.GetRequiredService<ICredentialSource>().Description}}
              store        {{store.Description}}
              report       {{report.Schedule}} (UTC), of verifications that are stale after {{report.Threshold}}

            Send a code, list the verifications, see the report:
              curl -i {{url}}/verifications -H 'Content-Type: application/json' -d '{{Example}}'
              curl {{url}}/verifications
              curl {{url}}/reports/stale

            """);
    }
}
