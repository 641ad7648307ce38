using System.Net;
using System.Net.Sockets;

namespace EdsFunctions.EcdSimulator.Networks;

/// <summary>A range of IPv4 addresses, such as <c>192.168.0.0/16</c>.</summary>
/// <param name="Address">The first of them, as a number, so that ranges can be compared.</param>
/// <param name="Length">How many leading bits all of them share.</param>
internal readonly record struct CidrBlock(uint Address, int Length)
{
    /// <summary>Office networks are no larger: the vendor's page on creating one allows 12 bits at least.</summary>
    private const int Shortest = 12;

    private long Size => 1L << (32 - Length);

    private long End => Address + Size;

    /// <returns>Null for anything but dotted decimals, a prefix length of 12 to 32, and no bit set beyond it.</returns>
    public static CidrBlock? Find(string text)
    {
        if (text.Split('/') is not [var address, var length]
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits is < Shortest or > 32
            || !IPAddress.TryParse(address, out var ip)
            || ip.AddressFamily != AddressFamily.InterNetwork)
        {
            return null;
        }

        var block = new CidrBlock(NumberOf(ip), bits);

        // What IPAddress reads and does not write again is shorthand, octal or hexadecimal.
        return block.ToString() == text && block.Address % block.Size == 0 ? block : null;
    }

    public static CidrBlock Parse(string text) =>
        Find(text) ?? throw new FormatException($"'{text}' is not a CIDR block such as 192.168.0.0/16.");

    public bool Overlaps(CidrBlock other) => Address < other.End && other.Address < End;

    /// <summary>Every block of a length within this one, lowest first; none where this one is smaller.</summary>
    public IEnumerable<CidrBlock> Split(int length)
    {
        for (long address = Address, step = 1L << (32 - length); address + step <= End; address += step)
            yield return new CidrBlock((uint)address, length);
    }

    public override string ToString() =>
        $"{Address >> 24}.{(Address >> 16) & 255}.{(Address >> 8) & 255}.{Address & 255}/{Length}";

    private static uint NumberOf(IPAddress ip) =>
        ip.GetAddressBytes().Aggregate(0u, (number, part) => (number << 8) | part);
}
