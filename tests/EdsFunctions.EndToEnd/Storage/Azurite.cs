using System.Diagnostics;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// The table service of Azurite, in memory and on a port of its own: started by the first test that asks for it and stopped after the
/// last. A machine without Node skips those tests, and says why; on CI they fail instead.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Package = "azurite@3.35.0";

    /// <summary>The account that Azurite has built in; its key is public.</summary>
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;" +
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private readonly Lazy<Task<string>> connectionString;
    private Process? process;

    public Azurite() => connectionString = new Lazy<Task<string>>(StartAsync);

    /// <summary>How to reach it; the test is skipped where it cannot run.</summary>
    public async Task<string> ConnectionStringAsync()
    {
        try
        {
            return await connectionString.Value;
        }
        catch (AzuriteUnavailableException e) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private async Task<string> StartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("npx",
        [
            "--yes", "--package", Package, "azurite-table", "--tableHost", "127.0.0.1",
            "--tablePort", port.ToString(CultureInfo.InvariantCulture),
            "--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence", "--silent",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new AzuriteUnavailableException("Azurite needs Node: there is no npx on this machine.");
        }

        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully started", StringComparison.Ordinal))
            {
                // Read on, so that the process does not stop at a full pipe.
                _ = process.StandardOutput.ReadToEndAsync();
                return string.Create(CultureInfo.InvariantCulture, $"{Account}TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1;");
            }
        }

        throw new AzuriteUnavailableException($"Azurite did not start: {await errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Azurite cannot run here; the message says why.</summary>
internal sealed class AzuriteUnavailableException(string message) : Exception(message);
