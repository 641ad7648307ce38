using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>The network of a process that may die before each request to the table service leaves, and after each answer came.</summary>
internal sealed class MortalNetwork(Lifeline life) : HttpPipelinePolicy
{
    public static TableClientOptions Options(Lifeline life)
    {
        var options = new TableClientOptions();
        options.AddPolicy(new MortalNetwork(life), HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        life.Point();
        await ProcessNextAsync(message, pipeline);
        life.Point();
    }
}
