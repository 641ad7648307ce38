namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The app and the rules disagree.</summary>
internal sealed class DifferenceException(string message) : Exception(message);
