namespace EdsFunctions.Core.Alibaba;

/// <summary>Where the Alibaba access key comes from.</summary>
public interface ICredentialSource
{
    /// <summary>Where that is, in a few words for the operator.</summary>
    string Description { get; }

    /// <summary>The credentials to sign with.</summary>
    /// <exception cref="CredentialsUnavailableException">There are none.</exception>
    ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The credentials after Alibaba refused <paramref name="refused"/>: read anew, unless they were since. Equal to the refused ones
    /// where nothing has changed.
    /// </summary>
    /// <exception cref="CredentialsUnavailableException">There are none.</exception>
    ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken);
}

/// <summary>
/// There are no credentials to sign with. The message is one line for the operator that says what to do; it never holds the secret
/// or a part of it, and there is no inner exception, whose text nobody has checked.
/// </summary>
/// <param name="message">The line.</param>
/// <param name="mayPass">The source did not answer, so that credentials that were read before may serve; false if it said no.</param>
public sealed class CredentialsUnavailableException(string message, bool mayPass = false) : Exception(message)
{
    internal bool MayPass => mayPass;
}
