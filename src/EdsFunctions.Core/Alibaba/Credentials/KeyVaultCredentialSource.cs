using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Credentials from a secret in Azure Key Vault: cached, read by one caller at a time whoever asks, and served stale while the vault is
/// unavailable. A secret that is gone or disabled is out of use at once: that is how a key is taken out of use. A vault that refuses the
/// identity is asked again after a pause and only then believed, since a role assignment or a token can be late.
/// </summary>
internal sealed class KeyVaultCredentialSource(
    SecretClient client,
    IOptions<KeyVaultOptions> options,
    TimeProvider time,
    EcdMetrics metrics,
    ILogger<KeyVaultCredentialSource> logger) : ICredentialSource
{
    /// <summary>How long one read may take, the retries of the Azure client included.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long after a failure the vault is asked again, so that not every request waits for it, or adds to its load.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits for the vault, where there is something else to serve.</summary>
    private static readonly TimeSpan StaleWait = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Reading? last;
    private Failure? failed;
    private Task<AlibabaCredentials>? reading;

    /// <summary>Times are timestamps of the clock that nobody sets.</summary>
    private sealed record Reading(AlibabaCredentials Credentials, long At);

    private sealed record Failure(string Reason, long At, bool IsRefusal);

    /// <summary>A managed identity in Azure; on a developer's machine whoever is signed in to its tools.</summary>
    public static TokenCredential CreateCredential(KeyVaultOptions options, IHostEnvironment environment) => environment.IsDevelopment()
        ? new ChainedTokenCredential(
            new AzureCliCredential(), new AzureDeveloperCliCredential(), new AzurePowerShellCredential(), new VisualStudioCredential())
        : new ManagedIdentityCredential(options.ManagedIdentityClientId is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);

    /// <summary>The defaults wait 100 seconds for a network that is gone; a caller of ours is waiting meanwhile.</summary>
    public static SecretClientOptions ClientOptions() => new()
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

    public string Description => $"Key Vault {client.VaultUri.Host}, secret {options.Value.CredentialsSecretName}";

    public async ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref last);
        if (known is not null && IsFresh(known))
        {
            return Use(known);
        }

        var stale = known is not null && Age(known) < options.Value.MaxStale ? known : null;
        if (Volatile.Read(ref failed) is { } failure && time.GetElapsedTime(failure.At) < PauseAfterFailure)
        {
            return stale is null ? throw new CredentialsUnavailableException(failure.Reason) : Use(stale);
        }

        try
        {
            var read = ReadSharedAsync(IsFresh, cancellationToken);
            var fresh = await (stale is null ? read : read.WaitAsync(StaleWait, time, cancellationToken));
            metrics.CredentialsUsed(TimeSpan.Zero);
            return fresh;
        }
        catch (Exception e) when (stale is not null && e is CredentialsUnavailableException { MayPass: true } or TimeoutException)
        {
            logger.ServingStaleCredentials(Age(stale), e is TimeoutException ? "Key Vault has not answered yet." : e.Message);
            return Use(stale);
        }
    }

    public ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken) =>
        new(ReadSharedAsync(known => !known.Credentials.Equals(refused), cancellationToken));

    private bool IsFresh(Reading known) => Age(known) < options.Value.CacheFor;

    private TimeSpan Age(Reading known) => time.GetElapsedTime(known.At);

    private AlibabaCredentials Use(Reading known)
    {
        metrics.CredentialsUsed(Age(known));
        return known.Credentials;
    }

    /// <summary>
    /// Joins the read that is under way, or begins one, unless one that just ended serves; a caller that gives up does not end it for the
    /// others.
    /// </summary>
    private Task<AlibabaCredentials> ReadSharedAsync(Predicate<Reading> serves, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // A read is known before it is no longer under way, so that nobody comes between the two.
            if (last is { } known && serves(known))
            {
                return Task.FromResult(known.Credentials);
            }

            reading ??= Task.Run(ReadAsync, CancellationToken.None);
            return reading.WaitAsync(cancellationToken);
        }
    }

    private async Task<AlibabaCredentials> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        var name = options.Value.CredentialsSecretName;
        try
        {
            KeyVaultSecret secret = await client.GetSecretAsync(name, cancellationToken: timeout.Token);
            var fresh = CredentialsSecret.Parse(name, secret.Value);
            if (last is not null && !last.Credentials.Equals(fresh))
            {
                logger.CredentialsChanged(name);
            }

            Volatile.Write(ref last, new Reading(fresh, time.GetTimestamp()));
            Volatile.Write(ref failed, null);
            metrics.VaultRead(succeeded: true);
            return fresh;
        }
        catch (Exception e)
        {
            var failure = Explain(e, name);
            var isRefusal = IsRefusal(e);
            var first = isRefusal && Volatile.Read(ref failed) is { IsRefusal: true } before ? before.At : time.GetTimestamp();
            if (isRefusal && last is not null && time.GetElapsedTime(first) < PauseAfterFailure)
            {
                failure = new CredentialsUnavailableException(failure.Message, mayPass: true);
            }

            Volatile.Write(ref failed, new Failure(failure.Message, first, isRefusal));
            if (!failure.MayPass)
            {
                Volatile.Write(ref last, null);
            }

            metrics.VaultRead(succeeded: false);
            logger.VaultReadFailed(failure.Message);
            throw failure;
        }
        finally
        {
            lock (gate)
            {
                reading = null;
            }
        }
    }

    private CredentialsUnavailableException Explain(Exception e, string name)
    {
        var vault = $"Key Vault {client.VaultUri.Host}";
        return e switch
        {
            CredentialsUnavailableException malformed => malformed,
            RequestFailedException { Status: 404 } => new($"{vault} has no secret {name}."),
            RequestFailedException { Status: 403 } refused
                when SaysDisabled(refused) =>
                new($"The secret {name} in {vault} is disabled."),
            RequestFailedException { Status: 403 } =>
                new($"{vault} does not let this identity read the secret {name}: it needs the role Key Vault Secrets User."),
            RequestFailedException { Status: 400 or 401 } refused =>
                new($"{vault} refused the request for the secret {name} ({refused.Status})."),
            RequestFailedException { Status: > 0 } away => new($"{vault} answered {away.Status}.", mayPass: true),
            AuthenticationFailedException => new(
                "There is no token for Key Vault: the managed identity, or the developer's sign-in, did not give one.", mayPass: true),
            _ => new($"{vault} cannot be reached.", mayPass: true),
        };
    }

    /// <summary>Whether the vault refuses the identity, and not the secret.</summary>
    private static bool IsRefusal(Exception e) => e is RequestFailedException { Status: 401 or 403 } refused && !SaysDisabled(refused);

    private static bool SaysDisabled(RequestFailedException e) =>
        e.GetRawResponse()?.Content.ToString().Contains("SecretDisabled", StringComparison.Ordinal) == true;
}
