using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>The parameters that name a CEN and vouch for it: <c>CenId</c>, <c>CenOwnerId</c>, <c>VerifyCode</c>.</summary>
internal static class CenParameters
{
    /// <exception cref="EcdRefusal">
    /// One is missing or of the wrong shape. With an owner a code is required; what Alibaba answers without is not documented.
    /// </exception>
    public static CenClaim Require(EcdCall call)
    {
        var cenId = call.Parameters.Require("CenId");
        if (!CenIdShape.Matches(cenId))
            throw EcdRefusal.Invalid("CenId", $"a CEN looks like {CenIdShape.Example}");

        var ownerId = OwnerId(call);
        return new CenClaim(cenId, ownerId, ownerId is null ? null : call.Parameters.Require("VerifyCode"));
    }

    private static long? OwnerId(EcdCall call)
    {
        if (call.Parameters.Find("CenOwnerId") is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? id
            : throw EcdRefusal.Invalid("CenOwnerId", "an account is a number like 1234567890123456");
    }
}
