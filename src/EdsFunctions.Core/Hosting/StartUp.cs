using Azure;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Hosting;

/// <summary>Runs the app. If the app cannot start, prints the reason in one line.</summary>
public static class StartUp
{
    /// <summary>Runs the host until it is shut down.</summary>
    /// <param name="host">The host.</param>
    /// <param name="starting">Called after the options are validated, and before the host starts.</param>
    /// <param name="started">Called after the start.</param>
    /// <returns>The exit code: 0, or 1 if the app could not start.</returns>
    public static async Task<int> RunAsync(IHost host, Func<Task>? starting = null, Func<Task>? started = null)
    {
        using (host)
        {
            try
            {
                // Validate the options before the host starts, so that all validation errors are reported at once.
                host.Services.GetService<IStartupValidator>()?.Validate();
                await (starting?.Invoke() ?? Task.CompletedTask);
                await host.StartAsync();
                await (started?.Invoke() ?? Task.CompletedTask);
            }
            catch (Exception e)
            {
                return await ReportFailureAsync(e);
            }

            await host.WaitForShutdownAsync();
            return 0;
        }
    }

    /// <summary>Checks the store, for an app that must not start without its store.</summary>
    /// <exception cref="OptionsValidationException">The store is unavailable.</exception>
    public static async Task CheckStoreAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<IVerificationStore>();
        try
        {
            await store.CheckAsync(CancellationToken.None);
        }
        // An InvalidDataException means that a newer version of the app wrote the database. Its message says what to
        // do.
        catch (Exception e) when (e is not InvalidDataException)
        {
            var cause = e is StoreUnavailableException ? e.InnerException! : e;
            throw new OptionsValidationException(
                VerificationOptions.Section, typeof(VerificationOptions), [ExplainStore(store, cause)]);
        }
    }

    /// <summary>Writes the reason why the app cannot start to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportFailureAsync(Exception e)
    {
        await Console.Error.WriteLineAsync($"EdsFunctions cannot start: {Explain(e)}");
        return 1;
    }

    /// <summary>
    /// Returns the reason why the app cannot start, in one line. For an unexpected exception, returns only its type and
    /// origin, because its message may contain a secret from the configuration.
    /// </summary>
    internal static string Explain(Exception e) =>
        string.Join(
            " ",
            GetReasons(e) ?? [$"{e.GetType().Name} in {e.TargetSite?.DeclaringType?.FullName}.{e.TargetSite?.Name}."])
            .ReplaceLineEndings(" ");

    /// <summary>Returns the reasons why the app cannot start; null if the exception is unexpected.</summary>
    private static IEnumerable<string>? GetReasons(Exception e) => e switch
    {
        OptionsValidationException invalid => invalid.Failures,
        AggregateException all when all.InnerExceptions.All(one => GetReasons(one) is not null) =>
            all.InnerExceptions.SelectMany(one => GetReasons(one)!),
        _ => GetReason(e) is { } reason ? [reason] : null,
    };

    private static string? GetReason(Exception e) => e switch
    {
        // Report only the name of the setting. The message of the exception also contains the value, which may be a
        // secret.
        InvalidOperationException { InnerException: FormatException or InvalidCastException } or
        InvalidOperationException { InnerException.InnerException: FormatException } => ExplainConversion(e.Message),
        IOException or UnauthorizedAccessException or InvalidDataException => e.Message,
        _ => null,
    };

    private static string ExplainStore(IVerificationStore store, Exception e) => store is SqliteVerificationStore
        ? $"Verifications:SqlitePath: {store.Description} cannot be opened or written: {e.Message.TrimEnd('.')}. " +
          "Use a file in a folder that the app can write to."
        : $"{store.Description} is unavailable: {ExplainTable(e)}. Start it, or check " +
          "Verifications:TableConnectionString, Verifications:TableServiceUri and the network.";

    private static string ExplainTable(Exception e) => e switch
    {
        AggregateException all => ExplainTable(all.InnerExceptions[^1]),
        RequestFailedException { Status: > 0 } failed =>
            $"the table service returned {failed.Status} {failed.ErrorCode}",
        RequestFailedException { InnerException: HttpRequestException http } => http.Message.TrimEnd('.'),
        OperationCanceledException => "the table service does not respond",
        _ => e.GetType().Name,
    };

    private static string ExplainConversion(string message)
    {
        const string At = " at '";
        var start = message.IndexOf(At, StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf('\'', start + At.Length);
        return end < 0
            ? "a configuration value has the wrong format."
            : $"the value of {message[(start + At.Length)..end]} has the wrong format.";
    }
}
