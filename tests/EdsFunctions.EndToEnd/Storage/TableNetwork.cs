using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>Calls a function of the test around each request to a table. The function can throw.</summary>
/// <param name="around">The function. It gets the path of the request, and sends the request or throws.</param>
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
