namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>Ends the handling of a request with an error the gateway answers.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">The gateway's error code, such as <c>SignatureDoesNotMatch</c>; what clients decide by.</param>
/// <param name="message">For a person; may echo what was signed, as the real gateway's does.</param>
internal sealed class EcdRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static EcdRefusal Missing(string parameter) =>
        new(400, "Missing" + parameter, $"{parameter} is mandatory for this action.");

    public static EcdRefusal Invalid(string parameter, string why) =>
        new(400, "InvalidParameter." + parameter, $"The specified parameter {parameter} is not valid: {why}.");
}
