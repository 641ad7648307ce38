using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Parses a value type of this folder; false for a text of any other shape.</summary>
internal delegate bool TryParse<T>(string text, out T value);

/// <summary>The id of a CEN, such as <c>cen-3weq30r6t0s7t4abcd</c>.</summary>
public readonly partial record struct CenId(string Value)
{
    public static bool TryParse(string text, out CenId id)
    {
        var isId = text.Length <= 64 && Shape.IsMatch(text);
        id = isId ? new CenId(text) : default;
        return isId;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\Acen-[a-z0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape { get; }
}

/// <summary>
/// The id of an Alibaba Cloud account: a positive whole number, at the time of writing of 16 digits. It is shown masked:
/// <see cref="ToString"/> keeps the last four digits, <see cref="Value"/> is for the wire and the store.
/// </summary>
/// <param name="Value">The whole id.</param>
public readonly record struct AccountId([property: JsonRequired] long Value)
{
    private const int Shown = 4;

    /// <summary>Reads digits without a sign, a leading zero, or anything around them.</summary>
    public static bool TryParse(string text, out AccountId id)
    {
        id = default;
        // The parser alone would take zero characters behind the digits.
        if (text.StartsWith('0')
            || text.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new AccountId(value);
        return true;
    }

    /// <summary>The id with all but its last four digits masked, such as <c>************3456</c>.</summary>
    public override string ToString()
    {
        var digits = Value.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= Shown
            ? new string('*', digits.Length)
            : string.Concat(new string('*', digits.Length - Shown), digits.AsSpan(digits.Length - Shown));
    }
}

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

/// <summary>The id of an office network, such as <c>cn-hangzhou+dir-363353xxxx</c>.</summary>
public readonly partial record struct OfficeSiteId(string Value)
{
    public const int MaxLength = 100;

    public static bool TryParse(string text, out OfficeSiteId id)
    {
        var isId = text.Length <= MaxLength && Shape.IsMatch(text);
        id = isId ? new OfficeSiteId(text) : default;
        return isId;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9+_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape { get; }
}

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
