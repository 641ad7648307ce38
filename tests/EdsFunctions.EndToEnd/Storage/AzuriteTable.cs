using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A table of Azurite, another one for each sequence.</summary>
internal sealed class AzuriteTable(TableServiceClient service) : SharedStore
{
    public override bool OrphansById => true;

    public override IReadOnlyList<IVerificationStore> Fresh()
    {
        var name = $"M{Guid.NewGuid():N}";
        return [.. Enumerable.Range(0, Steps.Instances).Select(_ => new TableVerificationStore(service, name))];
    }

    public override void Dispose()
    {
    }
}
