using Azure.Core;
using Azure.Core.Pipeline;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Records whether a read of the vault waits for a token or for the vault, so that an error message names the right
/// cause. The Azure client gets a token before its first request, or after a 401 response that names the tenant.
/// </summary>
internal sealed class TokenWait
{
    private static readonly AsyncLocal<TokenWait?> Current = new();

    private volatile bool isWaiting = true;

    public bool IsWaiting => isWaiting;

    /// <summary>Begins a wait for a token, for the read that the calling method makes.</summary>
    public static TokenWait Begin() => Current.Value = new TokenWait();

    /// <summary>
    /// Notes whether the current read waits for a token. Runs in the pipeline of the Azure client, between
    /// authentication and transport.
    /// </summary>
    public sealed class Policy : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => Set(isWaiting: false);

        public override void OnReceivedResponse(HttpMessage message) => Set(message.Response.Status == 401);

        private static void Set(bool isWaiting)
        {
            if (Current.Value is { } wait)
            {
                wait.isWaiting = isWaiting;
            }
        }
    }
}
