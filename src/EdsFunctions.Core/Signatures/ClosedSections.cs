using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Signatures;

/// <summary>
/// The sections of the configuration that are closed because of an invalid secret. A section belongs to a chat
/// platform, a kind of webhook sender, a report channel or the heartbeat. The app does not run this part, and runs all
/// others. Validators close sections at start-up.
/// </summary>
public sealed class ClosedSections
{
    private readonly ConcurrentDictionary<string, string> errors = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool isAzure;

    public ClosedSections(IHostEnvironment environment, IConfiguration configuration, IMeterFactory meters)
    {
        isAzure = AzureHost.IsCurrent(environment, configuration);
        meters.Create(EdsTelemetry.MeterName).CreateObservableGauge(
            "eds.platforms.closed", Measure, "{platform}",
            "1 for each settings section that is closed because one of its secrets is invalid.");
    }

    /// <summary>The names of the closed sections.</summary>
    public IReadOnlyList<string> All => [.. errors.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The validation errors of a closed section, without the secret; null if the section is not closed.
    /// </summary>
    internal string? FindError(string section) => errors.GetValueOrDefault(section);

    /// <summary>
    /// Closes a section if one of its secrets is a Key Vault reference that Azure could not resolve. In Azure, any
    /// other invalid secret closes the section too, because a secret in the vault may change without a deployment.
    /// </summary>
    /// <param name="section">The section, such as <c>ChatOps:Slack</c>.</param>
    /// <param name="secrets">The secrets of the section.</param>
    /// <param name="found">The validation errors of the secrets.</param>
    /// <returns>
    /// The validation errors for which the app must not start. Empty if the section is closed instead.
    /// </returns>
    internal IReadOnlyList<string> Close(
        string section, IEnumerable<string?> secrets, IReadOnlyList<string> found)
    {
        if (found.Count == 0 || !(isAzure || secrets.Any(SigningKeys.IsUnresolvedReference)))
        {
            return found;
        }

        // Several validators may report errors of a section, and each may run several times, so keep each error once.
        var text = string.Join(' ', found);
        errors.AddOrUpdate(
            section,
            text,
            (_, known) => known.Contains(text, StringComparison.Ordinal) ? known : $"{known} {text}");
        return [];
    }

    private IEnumerable<Measurement<long>> Measure() => All.Select(
        section => new Measurement<long>(1, new KeyValuePair<string, object?>("eds.platform", section)));
}
