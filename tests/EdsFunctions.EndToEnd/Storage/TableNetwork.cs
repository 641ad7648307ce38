using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>The network between a table store and its service, with a hook around each request, in which a test lets it fail.</summary>
/// <param name="around">Gets the path of the request, and sends it.</param>
internal sealed class TableNetwork(Func<string, Func<Task>, Task> around) : HttpPipelinePolicy
{
    public TableClientOptions Options()
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        await around(message.Request.Uri.Path, () => ProcessNextAsync(message, pipeline).AsTask());
}
