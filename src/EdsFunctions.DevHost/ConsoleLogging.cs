using Microsoft.Extensions.Logging.Console;

namespace EdsFunctions.DevHost;

/// <summary>Puts <see cref="ConsoleLog"/> in the place of the library's own provider.</summary>
internal static class ConsoleLogging
{
    public static void UseConsoleLog(this ILoggingBuilder logging)
    {
        // Registers the format, and a provider that is then taken away.
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
            // Colors are escape sequences. The library's provider translates them for a console of Windows that does not know them; ours does not.
            console.ColorBehavior = OperatingSystem.IsWindows() ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        });
        logging.ClearProviders();
        logging.Services.AddSingleton<ILoggerProvider>(services => new ConsoleLog(
            services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Simple),
            Console.OpenStandardOutput(),
            Console.OutputEncoding,
            TimeProvider.System));
    }
}
