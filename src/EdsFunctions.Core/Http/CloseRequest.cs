using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Http;

/// <summary>The body of a request to close a verification: optional, with <c>by</c> and <c>note</c>.</summary>
internal static class CloseRequest
{
    private const int MaxBy = 100;
    private const int MaxNote = 500;

    private static readonly string[] Fields = ["by", "note"];

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static Closing Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        if (body.IsEmpty)
        {
            return new Closing();
        }

        var fields = JsonFields.Parse(body, "body", "", Fields, errors);
        var closing = new Closing(fields.Text("by", MaxBy), fields.Text("note", MaxNote));
        errors.ThrowIfAny();
        return closing;
    }
}
