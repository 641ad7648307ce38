using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A hook around each request of a table store, in which a test can throw.</summary>
/// <param name="around">Receives the path of the request, and sends it or throws.</param>
internal sealed class TableNetwork(Func<string, Func<Task>, Task> around) : HttpPipelinePolicy
{
    public TableClientOptions Options()
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(
        HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        await around(message.Request.Uri.Path, () => ProcessNextAsync(message, pipeline).AsTask());
}
