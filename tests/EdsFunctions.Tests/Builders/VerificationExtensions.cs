namespace EdsFunctions.Tests.Builders;

internal static class VerificationExtensions
{
    /// <summary>A request for the target of a verification, that says nothing else.</summary>
    public static SendCommand Command(this Verification verification) => new(verification.Target);
}
