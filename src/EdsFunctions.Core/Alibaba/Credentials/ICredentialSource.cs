namespace EdsFunctions.Core.Alibaba;

/// <summary>The source of the Alibaba access key.</summary>
public interface ICredentialSource
{
    /// <summary>The name of the source, for the operator.</summary>
    string Description { get; }

    /// <summary>Gets the credentials, possibly from a cache.</summary>
    /// <exception cref="CredentialsUnavailableException">There are no credentials.</exception>
    ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>Reads the credentials again after Alibaba rejected them, unless another caller already has.</summary>
    /// <returns>The new credentials; equal to <paramref name="rejected"/> if the source has no others.</returns>
    /// <exception cref="CredentialsUnavailableException">There are no credentials.</exception>
    ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials rejected, CancellationToken cancellationToken);
}

/// <summary>
/// There are no credentials to sign with. There is no inner exception, since its message could contain the secret.
/// </summary>
/// <param name="message">One line for the operator, without any part of the secret.</param>
/// <param name="isTransient">Whether the source is unavailable, so that cached credentials may still be used.</param>
public sealed class CredentialsUnavailableException(string message, bool isTransient = false) : Exception(message)
{
    internal bool IsTransient => isTransient;
}
