namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Random sequences against the rules. <c>EDS_MODEL_SEED</c> repeats a run, <c>EDS_MODEL_SEQUENCES</c> makes it longer.
/// </summary>
public sealed class SqliteModelTests
{
    private const ulong Sequences = 10_000;

    [Fact]
    public Task Whatever_happens_in_whichever_order_the_app_keeps_to_the_rules() =>
        ModelRun.RunAsync(() => new SqliteInMemory(), (int)(ModelRun.Setting("EDS_MODEL_SEQUENCES") ?? Sequences));
}
