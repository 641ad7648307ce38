using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdsFunctions.Core.Vault;

/// <summary>
/// Credentials from a secret in Azure Key Vault: cached, read by one caller at a time whoever asks, and served stale while the vault is
/// away. A vault that answers and says no (no such secret, disabled, not allowed) is not away: that is how a key is taken out of use.
/// </summary>
internal sealed class KeyVaultCredentialSource(
    SecretClient client,
    IOptions<KeyVaultOptions> options,
    TimeProvider time,
    EdsMetrics metrics,
    ILogger<KeyVaultCredentialSource> logger) : ICredentialSource
{
    /// <summary>How long one read may take, the retries of the Azure client included.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long stale credentials are served before the vault is asked again, so that not every request waits for it.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private Reading? last;
    private long failedAt = long.MinValue;
    private Task<AlibabaCredentials>? reading;

    private sealed record Reading(AlibabaCredentials Credentials, DateTimeOffset At);

    public string Description => $"Key Vault {client.VaultUri.Host}, secret {options.Value.CredentialsSecretName}";

    public async ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref last);
        var now = time.GetUtcNow();
        if (known is not null && (now - known.At < options.Value.CacheFor || (PausesAfterFailure() && MayServeStale(known, now))))
        {
            metrics.CredentialsUsed(now - known.At);
            return known.Credentials;
        }

        try
        {
            var fresh = await ReadSharedAsync(cancellationToken);
            metrics.CredentialsUsed(TimeSpan.Zero);
            return fresh;
        }
        catch (VaultAwayException e) when (known is not null && MayServeStale(known, now))
        {
            logger.ServingStaleCredentials(now - known.At, e.Message);
            metrics.CredentialsUsed(now - known.At);
            return known.Credentials;
        }
        catch (VaultAwayException e)
        {
            throw new CredentialsUnavailableException(e.Message);
        }
    }

    public async ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref last) is { } known && !known.Credentials.Equals(refused))
        {
            return known.Credentials;
        }

        try
        {
            return await ReadSharedAsync(cancellationToken);
        }
        catch (VaultAwayException e)
        {
            throw new CredentialsUnavailableException(e.Message);
        }
    }

    private bool PausesAfterFailure() =>
        Volatile.Read(ref failedAt) is not long.MinValue and var at && time.GetElapsedTime(at) < PauseAfterFailure;

    private bool MayServeStale(Reading known, DateTimeOffset now) => now - known.At < options.Value.MaxStale;

    /// <summary>Joins the read that is under way, or begins one; a caller that gives up does not end it for the others.</summary>
    private Task<AlibabaCredentials> ReadSharedAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
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

            Volatile.Write(ref last, new Reading(fresh, time.GetUtcNow()));
            Volatile.Write(ref failedAt, long.MinValue);
            metrics.VaultRead(succeeded: true);
            return fresh;
        }
        catch (Exception e)
        {
            var failure = Explain(e, name);
            if (failure is VaultAwayException)
            {
                Volatile.Write(ref failedAt, time.GetTimestamp());
            }
            else
            {
                // The vault said no: what was read before is out of use.
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

    private Exception Explain(Exception e, string name) => e switch
    {
        CredentialsUnavailableException malformed => malformed,
        RequestFailedException { Status: 404 } =>
            new CredentialsUnavailableException($"Key Vault {client.VaultUri.Host} has no secret {name}."),
        RequestFailedException { Status: 403 } refused when Says(refused, "SecretDisabled") =>
            new CredentialsUnavailableException($"The secret {name} in Key Vault {client.VaultUri.Host} is disabled."),
        RequestFailedException { Status: 403 } =>
            new CredentialsUnavailableException(
                $"Key Vault {client.VaultUri.Host} does not let this identity read the secret {name}: " +
                "it needs the role Key Vault Secrets User."),
        RequestFailedException { Status: 400 or 401 } refused =>
            new CredentialsUnavailableException(
                $"Key Vault {client.VaultUri.Host} refused the request for the secret {name} ({refused.Status})."),
        RequestFailedException { Status: > 0 } away => new VaultAwayException($"Key Vault {client.VaultUri.Host} answered {away.Status}."),
        AuthenticationFailedException =>
            new VaultAwayException("There is no token for Key Vault: the managed identity, or the developer's sign-in, did not give one."),
        _ => new VaultAwayException($"Key Vault {client.VaultUri.Host} cannot be reached."),
    };

    private static bool Says(RequestFailedException e, string code) =>
        e.GetRawResponse()?.Content.ToString().Contains(code, StringComparison.Ordinal) == true;

    /// <summary>The vault gave no answer that means anything; what was read before may serve.</summary>
    private sealed class VaultAwayException(string message) : Exception(message);
}
