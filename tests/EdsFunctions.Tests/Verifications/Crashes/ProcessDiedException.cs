namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>Stands for the end of a process: nothing behind it happens.</summary>
internal sealed class ProcessDiedException() : Exception("The process died here.");
