using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Http;

/// <summary>The body of a request to check a code: <c>cidrBlock</c>, and <c>verifyCode</c> unless the CEN is the caller's own.</summary>
internal sealed record CheckRequest(CidrBlock CidrBlock, VerifyCode? Code)
{
    private static readonly string[] Fields = ["cidrBlock", "verifyCode"];

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static CheckRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", "", Fields, errors);
        fields.Require("cidrBlock");
        var block = fields.Value<CidrBlock>(
            "cidrBlock",
            CidrBlock.MaxLength,
            CidrBlock.TryParse,
            "must be a block of IPv4 addresses such as 192.168.0.0/24, without bits behind the prefix");
        var code = fields.VerifyCode("verifyCode");
        errors.ThrowIfAny();
        return new CheckRequest(block!.Value, code);
    }
}
