namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The same on a table: one in a hundred of the sequences, since each step is many requests.</summary>
public sealed class TableModelTests(Azurite azurite)
{
    private const ulong Sequences = 100;

    [Fact]
    public async Task Whatever_happens_in_whichever_order_the_app_keeps_to_the_rules()
    {
        var service = await azurite.ServiceAsync();
        var sequences = ModelRun.Setting("EDS_MODEL_SEQUENCES") is { } set ? Math.Max(1, set / 100) : Sequences;
        await ModelRun.RunAsync(() => new AzuriteTable(service), (int)sequences);
    }
}
