using System.Net;
using System.Net.Sockets;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Http;

/// <summary>The body of a request to check a code: <c>cidrBlock</c>, and <c>verifyCode</c> unless the CEN is the caller's own.</summary>
/// <param name="CidrBlock">In its canonical form.</param>
/// <param name="Code">The code.</param>
internal sealed record CheckRequest(string CidrBlock, Secret? Code)
{
    private const int MaxCidrBlock = 43;

    private static readonly string[] Fields = ["cidrBlock", "verifyCode"];

    /// <returns>Null where something is wrong.</returns>
    public static CheckRequest? Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var fields = JsonFields.Parse(body, "body", "", Fields, errors);
        var block = fields.Text("cidrBlock", MaxCidrBlock);
        var code = VerifyCodes.Read(fields);
        if (!fields.Has("cidrBlock"))
        {
            fields.Add("cidrBlock", "is required");
        }
        else if (block is not null && !IsCidrBlock(block))
        {
            fields.Add("cidrBlock", "must be a block of IPv4 addresses such as 192.168.0.0/24, without bits behind the prefix");
        }

        return errors.Any ? null : new CheckRequest(block!, code);
    }

    /// <summary>Whether a text is a block of addresses in its canonical form.</summary>
    public static bool IsCidrBlock(string text) =>
        IPNetwork.TryParse(text, out var network)
        && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && network.ToString() == text;
}
