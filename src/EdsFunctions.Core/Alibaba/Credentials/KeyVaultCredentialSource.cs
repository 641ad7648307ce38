using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Reads the Alibaba access key from a secret in Azure Key Vault, once for all concurrent callers, and caches the key.
/// While the vault is unavailable, the app uses the cached key. If the secret is missing or disabled, the app drops the
/// cached key at once. If the vault denies access (401 or 403), the app drops the key only if a later read is denied
/// too: a new role assignment or token can take a moment to work. If the vault's firewall denies access, the vault
/// counts as unavailable.
/// </summary>
internal sealed class KeyVaultCredentialSource(
    SecretClient client,
    IOptions<KeyVaultOptions> options,
    IHostEnvironment environment,
    TimeProvider time,
    EcdMetrics metrics,
    TelemetryFlush telemetry,
    ILogger<KeyVaultCredentialSource> logger) : ICredentialSource
{
    /// <summary>
    /// How long a developer tool may take to return a token: the first call of <c>az</c> can take 20 s.
    /// </summary>
    private static readonly TimeSpan DeveloperToolTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a caller waits for a read of the vault if no usable access key is cached. Must be less than 30 s: the
    /// app begins a send at most 30 s after it recorded the send, and waits for the access key in that time.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The shortest time from a failed read of the vault to the next read. In this time, requests neither wait for the
    /// vault nor add load to it.
    /// </summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a caller waits for a read of the vault before it uses the cached access key, although its cache time is
    /// over.
    /// </summary>
    private static readonly TimeSpan StaleWait = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private CachedCredentials? cached;
    private ReadFailure? lastFailure;
    private Task<AlibabaCredentials>? pendingRead;
    private TokenWait tokenWait = new();

    /// <summary>
    /// The timeout of a read of the vault. Includes the retries of the Azure client and, in Development, the wait for a
    /// slow developer tool.
    /// </summary>
    private readonly TimeSpan readTimeout =
        TimeSpan.FromSeconds(10) + (environment.IsDevelopment() ? DeveloperToolTimeout : TimeSpan.Zero);

    private const string SecretDisabled = nameof(SecretDisabled);

    private sealed record CachedCredentials(AlibabaCredentials Credentials, long Timestamp);

    private sealed record ReadFailure(string Message, long Timestamp, bool IsAccessDenied);

    /// <summary>
    /// Creates the identity for the vault: a managed identity in Azure, and the sign-in of a developer tool in
    /// Development.
    /// </summary>
    public static TokenCredential CreateCredential(KeyVaultOptions options, IHostEnvironment environment) =>
        environment.IsDevelopment()
            ? new ChainedTokenCredential(
                new AzureCliCredential(new() { ProcessTimeout = DeveloperToolTimeout }),
                new AzureDeveloperCliCredential(new() { ProcessTimeout = DeveloperToolTimeout }),
                new AzurePowerShellCredential(new() { ProcessTimeout = DeveloperToolTimeout }),
                new VisualStudioCredential(new() { ProcessTimeout = DeveloperToolTimeout }))
            : new ManagedIdentityCredential(options.ManagedIdentityClientId is { Length: > 0 } clientId
                ? ManagedIdentityId.FromUserAssignedClientId(clientId)
                : ManagedIdentityId.SystemAssigned);

    /// <summary>
    /// Sets short timeouts: by default, the Azure client waits 100 seconds for a vault that does not respond.
    /// </summary>
    public static SecretClientOptions ClientOptions()
    {
        var options = new SecretClientOptions
        {
            Retry =
            {
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(1),
                NetworkTimeout = TimeSpan.FromSeconds(3),
            },
            Diagnostics = { IsLoggingContentEnabled = false },
        };
        options.AddPolicy(new TokenWait.Policy(), HttpPipelinePosition.BeforeTransport);
        return options;
    }

    public string Description => $"Key Vault {client.VaultUri.Host}, secret {options.Value.CredentialsSecretName}";

    public async ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref cached);
        if (known is not null && IsFresh(known))
        {
            return known.Credentials;
        }

        var stale = known is not null && Age(known) < options.Value.MaxStale ? known : null;
        if (RecentFailure is { } failure)
        {
            return stale is null ? throw new CredentialsUnavailableException(failure.Message) : stale.Credentials;
        }

        try
        {
            var read = ReadSharedAsync(IsFresh, pauses: true, cancellationToken);
            return await read.WaitAsync(stale is null ? MaxWait : StaleWait, time, cancellationToken);
        }
        catch (Exception e) when (e is CredentialsUnavailableException { IsTransient: true } or TimeoutException)
        {
            var message = e is not TimeoutException ? e.Message
                : tokenWait.IsWaiting ? TokenIsLate
                : $"{Vault} did not respond in time.";
            if (stale is null)
            {
                throw new CredentialsUnavailableException(message, isTransient: true);
            }

            logger.ServingStaleCredentials(Age(stale), message);
            return stale.Credentials;
        }
    }

    public ValueTask<AlibabaCredentials> RefreshAsync(
        AlibabaCredentials rejected, CancellationToken cancellationToken) =>
        new(ReadSharedAsync(known => !known.Credentials.Equals(rejected), pauses: false, cancellationToken));

    private string Vault => $"Key Vault {client.VaultUri.Host}";

    private string NoToken =>
        $"Azure issued no token for {Vault}: check the app's managed identity or, in Development, run az login.";

    private string TokenIsLate =>
        $"Azure issued no token for {Vault} in time: check the app's managed identity or, in Development, " +
        "how long az account get-access-token takes.";

    private ReadFailure? RecentFailure =>
        Volatile.Read(ref lastFailure) is { } failure && time.GetElapsedTime(failure.Timestamp) < PauseAfterFailure
            ? failure
            : null;

    private bool IsFresh(CachedCredentials known) => Age(known) < options.Value.CacheFor;

    private TimeSpan Age(CachedCredentials known) => time.GetElapsedTime(known.Timestamp);

    /// <summary>
    /// Joins the read of the vault that is in progress, or begins one, unless the cached access key is usable. If a
    /// caller cancels, the read goes on for the other callers. With <paramref name="pauses"/>, a recent failure
    /// prevents another read.
    /// </summary>
    private Task<AlibabaCredentials> ReadSharedAsync(
        Predicate<CachedCredentials> isUsable, bool pauses, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // The read of another caller may have ended since: a read sets the cache or the failure before it resets
            // pendingRead.
            if (cached is { } known && isUsable(known))
            {
                return Task.FromResult(known.Credentials);
            }

            if (pauses && pendingRead is null && RecentFailure is { } failure)
            {
                throw new CredentialsUnavailableException(failure.Message, isTransient: cached is not null);
            }

            pendingRead ??= Task.Run(ReadAsync, CancellationToken.None);
            return pendingRead.WaitAsync(cancellationToken);
        }
    }

    private async Task<AlibabaCredentials> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(readTimeout, time);
        var name = options.Value.CredentialsSecretName;
        tokenWait = TokenWait.Begin();
        try
        {
            KeyVaultSecret secret = await client.GetSecretAsync(name, cancellationToken: timeout.Token);
            var fresh = CredentialsSecret.Parse(name, secret.Value);
            if (cached is not null && !cached.Credentials.Equals(fresh))
            {
                logger.CredentialsChanged(name);
            }

            Volatile.Write(ref cached, new CachedCredentials(fresh, time.GetTimestamp()));
            Volatile.Write(ref lastFailure, null);
            metrics.RecordVaultRead(succeeded: true);
            metrics.RecordCredentials(secret.Properties.CreatedOn, secret.Properties.ExpiresOn);
            return fresh;
        }
        catch (Exception e)
        {
            var failure = ToUnavailable(e, name);
            var isAccessDenied = IsAccessDenied(e);
            var deniedSince = isAccessDenied && Volatile.Read(ref lastFailure) is { IsAccessDenied: true } previous
                ? previous.Timestamp
                : time.GetTimestamp();
            if (isAccessDenied && cached is not null && time.GetElapsedTime(deniedSince) < PauseAfterFailure)
            {
                failure = new CredentialsUnavailableException(failure.Message, isTransient: true);
            }

            Volatile.Write(ref lastFailure, new ReadFailure(failure.Message, deniedSince, isAccessDenied));
            if (!failure.IsTransient)
            {
                Volatile.Write(ref cached, null);
            }

            metrics.RecordVaultRead(succeeded: false);
            logger.VaultReadFailed(failure.Message);
            telemetry.RunSoon();
            throw failure;
        }
        finally
        {
            lock (gate)
            {
                pendingRead = null;
            }
        }
    }

    private CredentialsUnavailableException ToUnavailable(Exception e, string name) => e switch
    {
        CredentialsUnavailableException malformed => malformed,
        RequestFailedException { Status: 404 } =>
            new($"{Vault} has no secret {name}: create it, or set KeyVault:CredentialsSecretName."),
        RequestFailedException { Status: 403 } denied when GetReason(denied) is SecretDisabled =>
            new($"The secret {name} in {Vault} is disabled: enable it, or set a new version."),
        RequestFailedException { Status: 403 } denied when IsNetworkDenied(denied) => new(
            $"{Vault} returned 403 {GetReason(denied)}: its network settings reject the app. " +
            "Allow the app's subnet or IP address.",
            isTransient: true),
        RequestFailedException { Status: 403 } =>
            new($"{Vault} returned 403 for the secret {name}: " +
                "the app's identity lacks the role Key Vault Secrets User."),
        RequestFailedException { Status: 401 } =>
            new($"{Vault} returned 401 for the secret {name}: " +
                "check that the app's identity is in the vault's tenant."),
        RequestFailedException { Status: 400 } =>
            new($"{Vault} returned 400 for the secret {name}: check KeyVault:CredentialsSecretName."),
        RequestFailedException { Status: > 0 } unavailable =>
            new($"{Vault} returned {unavailable.Status}.", isTransient: true),
        AuthenticationFailedException => new(NoToken, isTransient: true),
        // The Azure client throws this exception, and sends no token, if the server asks for a token for another
        // domain.
        InvalidOperationException => new($"{Vault} is not an Azure Key Vault: check KeyVault:Uri.", isTransient: true),
        OperationCanceledException when tokenWait.IsWaiting => new(TokenIsLate, isTransient: true),
        _ when tokenWait.IsWaiting => new(NoToken, isTransient: true),
        _ => new($"{Vault} cannot be reached.", isTransient: true),
    };

    /// <summary>
    /// Whether the vault denied access because of the app's identity, and not because of its network or a disabled
    /// secret.
    /// </summary>
    private static bool IsAccessDenied(Exception e) =>
        e is RequestFailedException { Status: 401 or 403 } denied
        && GetReason(denied) is not SecretDisabled
        && !IsNetworkDenied(denied);

    /// <summary>
    /// Whether the vault denied access because of the app's network: by its firewall, a disabled public endpoint, or
    /// its network security perimeter.
    /// </summary>
    private static bool IsNetworkDenied(RequestFailedException e) =>
        GetReason(e) is "ForbiddenByFirewall" or "ForbiddenByConnection" or "ForbiddenByNsp";

    private static string? GetReason(RequestFailedException e) =>
        e.GetRawResponse() is { } response && LenientJson.ParseObject(response.Content) is { } body
            ? body.String("error", "innererror", "code") ?? body.String("error", "code")
            : null;
}
