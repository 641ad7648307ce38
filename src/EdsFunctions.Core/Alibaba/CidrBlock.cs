using System.Net;
using System.Net.Sockets;

namespace EdsFunctions.Core.Alibaba;

/// <summary>A block of IPv4 addresses in its canonical form, such as <c>192.168.0.0/24</c>.</summary>
public readonly record struct CidrBlock(string Value)
{
    /// <summary>Longer texts are not even tried.</summary>
    public const int MaxLength = 43;

    public static bool TryParse(string text, out CidrBlock block)
    {
        var isBlock = IPNetwork.TryParse(text, out var network)
            && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
            && network.ToString() == text;
        block = isBlock ? new CidrBlock(text) : default;
        return isBlock;
    }

    public override string ToString() => Value;
}
