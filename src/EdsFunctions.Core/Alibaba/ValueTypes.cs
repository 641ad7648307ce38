using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba;

/// <summary>The id of a CEN, such as <c>cen-3weq30r6t0s7t4abcd</c>.</summary>
public readonly partial record struct CenId(string Value)
{
    public const int MaxLength = 64;
    public const string Pattern = "cen-[a-z0-9]+";

    /// <returns>Null if the text is malformed. The other types in this file have the same rule.</returns>
    public static CenId? Parse(string text) => text.Length <= MaxLength && Shape.IsMatch(text) ? new CenId(text) : null;

    public override string ToString() => Value;

    [GeneratedRegex($@"\A{Pattern}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape { get; }
}

/// <summary>
/// The id of an Alibaba Cloud account: a positive integer, usually of 16 digits. <see cref="ToString"/> masks the id.
/// Only requests to Alibaba and the store use <see cref="Value"/>.
/// </summary>
/// <param name="Value">The whole id.</param>
public readonly record struct AccountId([property: JsonRequired] long Value)
{
    private const int Shown = 4;

    /// <summary>Parses an account id: digits only, without a leading zero.</summary>
    public static AccountId? Parse(string text) =>
        !text.StartsWith('0')
        // Check each character, because long.TryParse accepts NUL characters at the end.
        && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new AccountId(value)
            : null;

    /// <summary>Returns the account id with all digits but the last four masked: <c>************3456</c>.</summary>
    public override string ToString()
    {
        var digits = Value.ToString(CultureInfo.InvariantCulture);
        return digits.Length <= Shown
            ? new string('*', digits.Length)
            : string.Concat(new string('*', digits.Length - Shown), digits.AsSpan(digits.Length - Shown));
    }
}

/// <summary>An IPv4 CIDR block in canonical form, such as <c>192.168.0.0/24</c>.</summary>
public readonly record struct CidrBlock(string Value)
{
    /// <summary>
    /// The maximum length of a CIDR block in a request. Longer than any valid block, so that an invalid one gets a
    /// precise error.
    /// </summary>
    public const int MaxLength = 43;

    public static CidrBlock? Parse(string text) =>
        IPNetwork.TryParse(text, out var network)
        && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && network.ToString() == text
            ? new CidrBlock(text)
            : null;

    public override string ToString() => Value;
}

/// <summary>The id of an office network, such as <c>cn-hangzhou+dir-363353xxxx</c>.</summary>
public readonly partial record struct OfficeSiteId(string Value)
{
    public const int MaxLength = 100;

    public static OfficeSiteId? Parse(string text) =>
        text.Length <= MaxLength && Shape.IsMatch(text) ? new OfficeSiteId(text) : null;

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9+_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape { get; }
}

/// <summary>
/// A verification code. Alibaba does not document the form of a code, so the syntax check is lenient.
/// </summary>
public readonly record struct VerifyCode(Secret Value)
{
    public const int MaxLength = 32;

    public static VerifyCode? Parse(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(char.IsAsciiLetterOrDigit)
            ? new VerifyCode(new Secret(text))
            : null;
}
