using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Hosting;

/// <summary>Runs a host, and explains in one line why it cannot start.</summary>
public static class StartUp
{
    /// <summary>Runs the host until it is shut down.</summary>
    /// <param name="host">The host.</param>
    /// <param name="starting">Called before the start, after validation of the options.</param>
    /// <param name="started">Called after the start.</param>
    /// <returns>The exit code: 0, or 1 if it could not start.</returns>
    public static async Task<int> RunAsync(IHost host, Func<Task>? starting = null, Func<Task>? started = null)
    {
        using (host)
        {
            try
            {
                // First, so that all validation errors are reported at once.
                host.Services.GetService<IStartupValidator>()?.Validate();
                await (starting?.Invoke() ?? Task.CompletedTask);
                await host.StartAsync();
                await (started?.Invoke() ?? Task.CompletedTask);
            }
            catch (Exception e)
            {
                return await RefuseAsync(e);
            }

            await host.WaitForShutdownAsync();
            return 0;
        }
    }

    /// <summary>Writes the reason why the app cannot start to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(Exception e)
    {
        await Console.Error.WriteLineAsync($"EdsFunctions cannot start: {Explain(e)}");
        return 1;
    }

    /// <summary>
    /// Returns the reason why the app cannot start, in one line. The message of an unexpected exception may contain a
    /// secret from the configuration, so only its type and origin are given.
    /// </summary>
    internal static string Explain(Exception e) =>
        Reason(e) ?? $"{e.GetType().Name} in {e.TargetSite?.DeclaringType?.FullName}.{e.TargetSite?.Name}.";

    /// <summary>Returns the reason; null if the failure is unexpected.</summary>
    private static string? Reason(Exception e) => e switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        AggregateException all when all.InnerExceptions.All(one => Reason(one) is not null) =>
            string.Join(" ", all.InnerExceptions.Select(Reason)),
        // The message names the key of a value that does not convert, and the value, which may be a secret.
        InvalidOperationException { InnerException: FormatException or InvalidCastException } or
        InvalidOperationException { InnerException.InnerException: FormatException } => Unconvertible(e.Message),
        IOException or UnauthorizedAccessException or InvalidDataException or SqliteException => e.Message,
        _ => null,
    };

    private static string Unconvertible(string message)
    {
        const string At = " at '";
        var start = message.IndexOf(At, StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf('\'', start + At.Length);
        return end < 0
            ? "a configuration value has the wrong format."
            : $"the value of {message[(start + At.Length)..end]} has the wrong format.";
    }
}
