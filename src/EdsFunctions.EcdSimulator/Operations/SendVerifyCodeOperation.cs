using System.Security.Cryptography;

namespace EdsFunctions.EcdSimulator.Operations;

/// <summary>E-mails a verification code to the account that owns a CEN.</summary>
internal sealed class SendVerifyCodeOperation(Outbox outbox, CenRegistry cens, TextWriter mail, TimeProvider time)
    : ISimulatedOperation
{
    private readonly Lock gate = new();

    public string Name => "SendVerifyCode";

    public Func<JsonObject> Prepare(SimulatedRequest request)
    {
        var regionId = request.RequireRegionId();

        const string only = "eds_cenID_securityverification";
        if (request.Require("VerifyCodeAction") != only)
            throw EcdRefusal.Invalid("VerifyCodeAction", $"the only value is {only}");

        var extraInfo = request.Find("ExtraInfo") is { } json ? ExtraInfoParameter.Parse(json) : null;
        return () =>
        {
            Send(regionId, extraInfo, request.RequestId);
            return [];
        };
    }

    private void Send(string regionId, ExtraInfoParameter? extraInfo, string requestId)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

        // Lock, so that after concurrent requests the last e-mail in the outbox has the valid code.
        lock (gate)
        {
            if (extraInfo is { CenOwnerId: { } ownerId })
                cens.AddCode(extraInfo.CenId, ownerId, code);
            outbox.Add(new OutboxMessage(
                regionId, extraInfo?.CenId, extraInfo?.CenOwnerId, code, time.GetUtcNow(), requestId));
        }

        var to = extraInfo is null ? "the caller" : $"the owner of {extraInfo.CenId}";
        mail.WriteLine($"[simulator] e-mail to {to}: verification code {code}");
    }
}

/// <summary>The parameter ExtraInfo: <c>{"cenOwnerId":1234567890123456,"cenId":"cen-…"}</c>.</summary>
/// <param name="CenId">The CEN. The names of the fields are case-sensitive, as in Alibaba's example.</param>
/// <param name="CenOwnerId">
/// The account that owns the CEN, as a JSON number; left out if the caller owns the CEN.
/// </param>
internal sealed record ExtraInfoParameter(string CenId, long? CenOwnerId)
{
    /// <exception cref="EcdRefusal">The parameter is malformed.</exception>
    public static ExtraInfoParameter Parse(string text)
    {
        if (FindCenId(text) is not { } cenId || !Formats.CenId.IsMatch(cenId))
            throw EcdRefusal.Invalid("ExtraInfo", $"it must be a JSON object with a cenId like {Formats.CenIdExample}");
        if (!JsonElement.Parse(text).TryGetProperty("cenOwnerId", out var owner))
            return new ExtraInfoParameter(cenId, CenOwnerId: null);
        return owner.ValueKind == JsonValueKind.Number && owner.TryGetInt64(out var ownerId) && ownerId > 0
            ? new ExtraInfoParameter(cenId, ownerId)
            : throw EcdRefusal.Invalid("ExtraInfo", "cenOwnerId must be a number such as 1234567890123456");
    }

    /// <summary>Finds the CEN in the parameter, even if other fields are malformed; null if there is none.</summary>
    public static string? FindCenId(string? text)
    {
        try
        {
            return text is not null
                && JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } json
                && json.TryGetProperty("cenId", out var cenId) && cenId.ValueKind == JsonValueKind.String
                    ? cenId.GetString()
                    : null;
        }
        // JSON may contain a lone surrogate such as \ud800, for which GetString throws an InvalidOperationException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
