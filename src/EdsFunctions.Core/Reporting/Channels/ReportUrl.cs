using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>The address of a channel: what goes there is nobody else's business, so it goes by https.</summary>
internal static class ReportUrl
{
    /// <summary>What is wrong with an address, without repeating it; null where nothing is.</summary>
    public static string? Complaint(string key, string? url, IHostEnvironment environment) => url switch
    {
        null or "" => $"{key} is not set.",
        _ when url.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) =>
            $"{key} is a reference to a vault that could not be resolved.",
        _ when TryRead(url, out var read) && (read.Scheme == Uri.UriSchemeHttps || IsOwn(read, environment)) => null,
        _ => $"{key} must be an https address.",
    };

    public static bool TryRead(string url, [NotNullWhen(true)] out Uri? read) =>
        Uri.TryCreate(url, UriKind.Absolute, out read) && read is { Host.Length: > 0, UserInfo: "" };

    private static bool IsOwn(Uri url, IHostEnvironment environment) =>
        url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && environment.IsDevelopment();
}
