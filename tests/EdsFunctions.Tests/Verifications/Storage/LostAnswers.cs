using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A network that delivers a transaction and loses the answer, so that the client sends it again.</summary>
internal sealed class LostAnswers : HttpPipelinePolicy
{
    private bool loseNext;

    public int Lost { get; private set; }

    public void LoseNext() => loseNext = true;

    public TableClientOptions Options()
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (loseNext && message.Request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal))
        {
            loseNext = false;
            Lost++;
            throw new RequestFailedException(0, "The answer was lost.", new IOException());
        }
    }
}
