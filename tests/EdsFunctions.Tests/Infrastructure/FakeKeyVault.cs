using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// A fake of Azure Key Vault on loopback. It challenges requests without a token, and responds to reads of a secret
/// with <see cref="Reply"/>. Tests read it with the real Azure client, with shorter delays between retries.
/// </summary>
internal sealed class FakeKeyVault : IAsyncDisposable
{
    /// <summary>The token that the vault accepts.</summary>
    public const string Token = "token-of-the-test";

    private static readonly RawHttpReply Challenge = RawHttpReply.Create(401, "application/json", "", (
        "WWW-Authenticate",
        "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", "
            + "resource=\"https://vault.azure.net\""));

    private readonly RawHttpServer server;
    private readonly LoopbackHandler handler;
    private readonly Channel<string> arrivals = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> reads = new();

    /// <param name="reply">The response to each read.</param>
    /// <param name="host">
    /// The host name of the vault. The Azure client asks each host for its tenant only once in a process.
    /// </param>
    public FakeKeyVault(RawHttpReply reply, string host = "localhost")
    {
        Reply = reply;
        Url = new Uri($"https://{host}");
        server = RawHttpServer.Start(RespondAsync);
        handler = new LoopbackHandler(server.Url);
    }

    /// <summary>The response of the vault to each read.</summary>
    public RawHttpReply Reply { get; set; }

    /// <summary>The vault responds to reads only when this task has completed.</summary>
    public Task RespondAfter { get; set; } = Task.CompletedTask;

    /// <summary>The names of the secrets that were read with a token.</summary>
    public IReadOnlyList<string> Reads => [.. reads];

    public Uri Url { get; }

    /// <summary>
    /// The function that gets a token for the vault. By default, it returns a token at once, which never expires.
    /// </summary>
    public Func<CancellationToken, Task<AccessToken>> GetToken { get; set; } =
        _ => Task.FromResult(new AccessToken(Token, DateTimeOffset.MaxValue));

    /// <summary>Waits until the next read has arrived.</summary>
    public Task NextReadAsync() =>
        arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WithTimeoutAsync();

    /// <summary>Creates an Azure client with the options of the app, but with shorter delays between retries.</summary>
    /// <param name="isTrusted">
    /// Whether the client sends its token to this vault. If false, it sends the token to servers of Azure's domains
    /// only, as in the app.
    /// </param>
    public SecretClient Client(bool isTrusted = true)
    {
        var options = KeyVaultCredentialSource.ClientOptions();
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
        // Use a long network timeout, because the tests of timeouts use the clock of the test.
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(1);
        options.Transport = new HttpClientTransport(handler);
        options.DisableChallengeResourceVerification = isTrusted;
        return new SecretClient(
            Url,
            DelegatedTokenCredential.Create(
                (_, _) => throw new NotSupportedException(), async (_, cancel) => await GetToken(cancel)),
            options);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        handler.Dispose();
    }

    private async Task<RawHttpReply> RespondAsync(RawHttpRequest request)
    {
        if (request.Header("Authorization") != $"Bearer {Token}")
        {
            return Challenge;
        }

        if (request.Line.Split('/', '?', ' ') is not ["GET", "", "secrets", var name, .., var query, "HTTP", "1.1"]
            || !query.Contains("api-version=", StringComparison.Ordinal))
        {
            return RawHttpReply.Create(405, "application/json", "");
        }

        var reply = Reply;
        reads.Enqueue(name);
        arrivals.Writer.TryWrite(name);
        await RespondAfter;
        return reply;
    }
}
