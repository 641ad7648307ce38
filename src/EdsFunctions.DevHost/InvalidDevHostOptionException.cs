namespace EdsFunctions.DevHost;

/// <summary>An option of the development host cannot be used; the message is one line for the operator.</summary>
public sealed class InvalidDevHostOptionException(string message) : Exception(message);
