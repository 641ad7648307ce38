namespace EdsFunctions.Core.Alibaba;

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
