namespace EdsFunctions.Core.Alibaba.Credentials;

/// <summary>
/// There are no credentials to sign with. The message is one line for the operator that says what to do; it never holds the secret
/// or a part of it, and there is no inner exception, whose text nobody has checked.
/// </summary>
public sealed class CredentialsUnavailableException(string message) : Exception(message);
