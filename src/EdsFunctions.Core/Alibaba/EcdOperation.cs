namespace EdsFunctions.Core.Alibaba;

/// <summary>An operation of the Elastic Desktop Service, as far as calling it is concerned.</summary>
/// <param name="Action">Its name on the wire.</param>
/// <param name="Read">
/// What an accepted answer says beyond its request id; null from it, where the answer is not one of this operation. Null where it says
/// nothing more.
/// </param>
/// <param name="MayRepeat">
/// Whether it changes nothing, so that it may be called again though nobody knows what became of the call before.
/// </param>
/// <param name="MaxAnswer">More bytes than this are not an answer.</param>
internal sealed record EcdOperation(
    string Action, Func<JsonElement, object?>? Read = null, bool MayRepeat = false, int MaxAnswer = EcdOperation.SmallAnswer)
{
    private const int SmallAnswer = 64 * 1024;

    /// <summary>A page of office networks, each with dozens of fields.</summary>
    private const int LargeAnswer = 2 * 1024 * 1024;

    /// <summary>Sends a code by e-mail.</summary>
    public static EcdOperation SendVerifyCode { get; } = new(nameof(SendVerifyCode));

    /// <summary>Asks whether a CEN can be attached with a block of addresses and a code. A wrong code counts as a try.</summary>
    public static EcdOperation VerifyCen { get; } = new(nameof(VerifyCen), CenCheck.Read);

    /// <summary>Attaches a CEN to an office network.</summary>
    public static EcdOperation AttachCen { get; } = new(nameof(AttachCen));

    /// <summary>Lists office networks.</summary>
    public static EcdOperation DescribeOfficeSites { get; } =
        new(nameof(DescribeOfficeSites), OfficeSitePage.Read, MayRepeat: true, LargeAnswer);
}
