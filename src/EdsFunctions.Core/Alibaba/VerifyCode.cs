namespace EdsFunctions.Core.Alibaba;

/// <summary>A verification code. Its form is not documented, so only what cannot be a code is refused.</summary>
public readonly record struct VerifyCode(Secret Value)
{
    public const int MaxLength = 32;

    public static bool TryParse(string text, out VerifyCode code)
    {
        var isCode = text.Length is > 0 and <= MaxLength && text.All(char.IsAsciiLetterOrDigit);
        code = isCode ? new VerifyCode(new Secret(text)) : default;
        return isCode;
    }
}
