using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Hosting;

/// <summary>Runs a host, and says in one line why it cannot start where the configuration is the reason.</summary>
public static class StartUp
{
    /// <summary>Runs the host until it is shut down.</summary>
    /// <param name="host">The host.</param>
    /// <param name="starting">Called before it starts, with a valid configuration.</param>
    /// <param name="started">Called once it has started.</param>
    /// <returns>The exit code: 0, or 1 where it could not start.</returns>
    public static async Task<int> RunAsync(IHost host, Func<Task>? starting = null, Func<Task>? started = null)
    {
        using (host)
        {
            try
            {
                // Before the host makes its services, so that everything that is wrong is said at once.
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

    /// <summary>Writes why the app cannot start to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(Exception e)
    {
        await Console.Error.WriteLineAsync($"EdsFunctions cannot start: {Explain(e)}");
        return 1;
    }

    /// <summary>
    /// Why the app cannot start, in one line. The text of an unexpected exception may repeat a value of the configuration, and
    /// that may be a secret: of such a one the line holds only where it comes from.
    /// </summary>
    internal static string Explain(Exception e) =>
        Reason(e) ?? $"{e.GetType().Name} in {e.TargetSite?.DeclaringType?.FullName}.{e.TargetSite?.Name}.";

    /// <summary>The line for the operator; null where the failure is not one of configuration.</summary>
    private static string? Reason(Exception e) => e switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        AggregateException all when all.InnerExceptions.All(one => Reason(one) is not null) =>
            string.Join(" ", all.InnerExceptions.Select(Reason)),
        // A value that does not convert: the text names the key. The value may be a secret, so it is not repeated.
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
            ? "a value in the configuration cannot be read."
            : $"the value of {message[(start + At.Length)..end]} cannot be read.";
    }
}
