namespace EdsFunctions.Core.Alibaba;

/// <summary>A source of the Alibaba access key, which the app calls its credentials.</summary>
public interface ICredentialSource
{
    /// <summary>The name of the source, for the operator.</summary>
    string Description { get; }

    /// <summary>Gets the Alibaba access key, possibly from a cache.</summary>
    /// <exception cref="CredentialsUnavailableException">There are no credentials.</exception>
    ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads the access key again after Alibaba rejected it, unless another caller has already done this.
    /// </summary>
    /// <returns>The new access key; equal to <paramref name="rejected"/> if the source has no other key.</returns>
    /// <exception cref="CredentialsUnavailableException">There are no credentials.</exception>
    ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials rejected, CancellationToken cancellationToken);
}

/// <summary>
/// The app has no Alibaba access key to sign requests with. Has no inner exception, because the message of one could
/// contain the secret.
/// </summary>
/// <param name="message">One line for the operator, without any part of the secret.</param>
/// <param name="isTransient">
/// Whether the source is only unavailable, so that the app may still use a cached access key.
/// </param>
public sealed class CredentialsUnavailableException(string message, bool isTransient = false) : Exception(message)
{
    internal bool IsTransient => isTransient;
}
