using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Http;

/// <summary>Reads a code. Its form is not documented, so that only what no code can be is refused, and no error repeats it.</summary>
internal static class VerifyCodes
{
    private const int MaxLength = 32;

    public static Secret? Read(JsonFields fields)
    {
        var text = fields.Text("verifyCode", MaxLength);
        if (text is null || IsCode(text))
        {
            return text is null ? null : new Secret(text);
        }

        fields.Add("verifyCode", $"must be 1 to {MaxLength} letters and digits");
        return null;
    }

    /// <summary>Whether a text can be a code.</summary>
    public static bool IsCode(string text) => text.Length is > 0 and <= MaxLength && text.All(char.IsAsciiLetterOrDigit);
}
