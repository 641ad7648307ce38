using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Data.Tables.Sas;

namespace EdsFunctions.Tests.Infra;

/// <summary>Runs <c>infra/table-backup.sh</c>, which exports and imports the table of the app.</summary>
public sealed class TableBackupTests(Azurite azurite)
{
    private const string Text = "\"\\n\t\u0001\u007f 中文 100% @ '";

    private readonly string name = $"T{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_IntoAnEmptyAccount_RestoresEachRowAndIsIdempotent()
    {
        var table = new TableClient(await azurite.ConnectionStringAsync(), name);
        await table.CreateAsync(Cancel);
        await table.AddEntityAsync(
            new TableEntity("closed-202611", $"{Guid.NewGuid()}")
            {
                ["Id"] = Guid.NewGuid(),
                ["At"] = 1L << 60,
                ["Text"] = Text,
            },
            Cancel);
        // More than a page.
        foreach (var chunk in Enumerable.Range(0, 1001).Chunk(100))
        {
            await table.SubmitTransactionAsync(
                chunk.Select(number => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity("open", $"v-{number}") { ["Document"] = "{}" })),
                Cancel);
        }

        var rows = await ReadAsync(table);
        var (exported, backup) = await RunAsync("export", "");
        await table.DeleteAsync(Cancel);
        var (imported, first) = await RunAsync("import", backup);

        Assert.Equal((0, 0, "1002 204"), (exported, imported, first.Trim()));
        Assert.Equal(rows, await ReadAsync(table));

        // Change a row after the export. The import must keep the change.
        await table.UpsertEntityAsync(
            new TableEntity("open", "v-0") { ["Document"] = "newer" }, TableUpdateMode.Replace, Cancel);
        var (repeated, second) = await RunAsync("import", backup);

        Assert.Equal((0, "1002 409"), (repeated, second.Trim()));
        var kept = await table.GetEntityAsync<TableEntity>("open", "v-0", cancellationToken: Cancel);
        Assert.Equal("newer", kept.Value["Document"]);
    }

    [Theory]
    [InlineData("export", "")]
    // The import adds the first row, and fails at the second row, which has no row key.
    [InlineData("import", """
        {"PartitionKey":"open","RowKey":"v-1"}
        {"PartitionKey":"open"}
        """)]
    public async Task Run_RequestFails_ExitsWithAnError(string action, string input)
    {
        var (exitCode, _) = await RunAsync(action, input);

        Assert.NotEqual(0, exitCode);
    }

    private static async Task<string[]> ReadAsync(TableClient table) => await table
        .QueryAsync<TableEntity>(cancellationToken: Cancel)
        .Select(row => string.Join(", ", row.Where(property => property.Key is not ("odata.etag" or "Timestamp"))
            .OrderBy(property => property.Key)
            .Select(property => $"{property.Key}: {property.Value} {property.Value.GetType()}")))
        .ToArrayAsync(Cancel);

    private async Task<(int ExitCode, string Output)> RunAsync(string action, string input)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for bash.");
        var service = new TableServiceClient(await azurite.ConnectionStringAsync());
        var signature = service.GenerateSasUri(
            TableAccountSasPermissions.All,
            TableAccountSasResourceTypes.All,
            TimeProvider.System.GetUtcNow().AddHours(1));
        var start = new ProcessStartInfo(
            "bash",
            [Repository.Path("infra", "table-backup.sh"), action, service.Uri.GetLeftPart(UriPartial.Path)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TABLE_NAME"] = name;
        start.Environment["TABLE_SAS"] = signature.Query.TrimStart('?');
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync(Cancel);
        await bash.StandardInput.WriteAsync(input);
        bash.StandardInput.Close();
        await bash.WaitForExitAsync(Cancel);
        return (bash.ExitCode, await output);
    }
}
