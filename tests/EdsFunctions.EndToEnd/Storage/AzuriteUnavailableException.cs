namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Azurite cannot run here; the message says why.</summary>
internal sealed class AzuriteUnavailableException(string message) : Exception(message);
