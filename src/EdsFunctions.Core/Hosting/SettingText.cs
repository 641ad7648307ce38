using System.Text.RegularExpressions;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Verifications;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Hosting;

/// <summary>Validates the text of settings before the configuration binder converts it.</summary>
internal static partial class SettingText
{
    /// <param name="options">The options type of the section.</param>
    /// <param name="section">The section.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <exception cref="OptionsValidationException">
    /// The value of a setting is in quotation marks, or is an invalid duration.
    /// </exception>
    public static void Validate(Type options, string section, IConfiguration configuration)
    {
        var quoted = configuration.GetSection(section).AsEnumerable()
            .Where(setting => QuotedText.IsQuoted(setting.Value) && !ClosingSecret.IsMatch(setting.Key))
            .Select(setting => setting.Key).ToArray();
        var durations = options.GetProperties()
            .Where(property => property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?))
            .Select(property => $"{section}:{property.Name}");
        string[] failures =
        [
            .. quoted.Select(key => $"{key} {QuotedText.Error}."),
            .. durations.Except(quoted, StringComparer.OrdinalIgnoreCase)
                .Where(key => configuration[key] is { Length: > 0 } text && Duration.Parse(text) is null)
                .Select(key => $"{key} {Duration.Form}."),
        ];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(section, options, failures);
        }
    }

    /// <summary>
    /// Matches the names of secrets, which are not checked here. If a secret is in quotation marks, the validator of
    /// its section reports the error, and may close the section instead of stopping the app.
    /// </summary>
    [GeneratedRegex(
        @"^(ChatOps|StaleReport):.*(Secrets:\d+|VerificationToken|AppId|AppSecret|Url|Secret)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClosingSecret { get; }
}
