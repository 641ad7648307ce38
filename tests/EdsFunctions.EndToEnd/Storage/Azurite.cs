using System.Diagnostics;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// Runs the table service of Azurite, in memory and on a free port. The first test that uses Azurite starts it, and it
/// stops after the last test. Without Node.js, the tests that need Azurite are skipped; on CI they fail.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Package = "azurite@3.35.0";

    private const string SharedAccount = "devstoreaccount1";

    /// <summary>The key of all accounts in Azurite: the published key of its built-in account.</summary>
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The accounts for tests that must not share tables, because they set the clock of the table.</summary>
    private static readonly string[] OwnAccounts = [.. Enumerable.Range(1, 20).Select(number => $"ownaccount{number}")];

    private readonly Lazy<Task<Uri>> url;
    private Process? process;
    private int ownAccountsInUse;

    public Azurite() => url = new Lazy<Task<Uri>>(StartAsync);

    /// <summary>The connection string of the account that tests share; skips the test if Azurite cannot run.</summary>
    public Task<string> ConnectionStringAsync() => ConnectionStringAsync(SharedAccount);

    /// <summary>The connection string of an account that no other test uses.</summary>
    public Task<string> OwnConnectionStringAsync() =>
        ConnectionStringAsync(OwnAccounts[Interlocked.Increment(ref ownAccountsInUse) - 1]);

    private async Task<string> ConnectionStringAsync(string account)
    {
        try
        {
            return $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={Key};"
                + $"TableEndpoint={await url.Value}{account};";
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

    private async Task<Uri> StartAsync()
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
        start.Environment["AZURITE_ACCOUNTS"] =
            string.Join(';', OwnAccounts.Prepend(SharedAccount).Select(account => $"{account}:{Key}"));
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new AzuriteUnavailableException("Azurite needs npx. Install Node.js.");
        }

        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully started", StringComparison.Ordinal))
            {
                // Read the output, because the process would block when the pipe is full.
                _ = process.StandardOutput.ReadToEndAsync();
                return new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
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

/// <summary>Azurite cannot run on this machine.</summary>
internal sealed class AzuriteUnavailableException(string message) : Exception(message);
