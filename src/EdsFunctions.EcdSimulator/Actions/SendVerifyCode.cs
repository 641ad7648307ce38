using System.Security.Cryptography;
using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>E-mails a verification code to the account that owns a CEN.</summary>
internal sealed class SendVerifyCode(Outbox outbox, VerifyCodes codes, TextWriter mail, TimeProvider time) : IEcdAction
{
    private readonly Lock gate = new();

    public string Name => "SendVerifyCode";

    public Func<JsonObject> Prepare(EcdCall call)
    {
        var regionId = RegionId.Require(call);

        const string only = "eds_cenID_securityverification";
        if (call.Parameters.Require("VerifyCodeAction") != only)
            throw EcdRefusal.Invalid("VerifyCodeAction", $"the only value is {only}");

        var extraInfo = call.Parameters.Find("ExtraInfo") is { } json ? ExtraInfo.Parse(json) : null;
        return () =>
        {
            Send(regionId, extraInfo, call.RequestId);
            return [];
        };
    }

    private void Send(string regionId, ExtraInfo? extraInfo, string requestId)
    {
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

        // Of two at once, the code that counts must be the last one in the outbox.
        lock (gate)
        {
            if (extraInfo is { CenOwnerId: { } ownerId })
                codes.Remember(extraInfo.CenId, ownerId, code);
            outbox.Add(new OutboxMessage(
                regionId, extraInfo?.CenId, extraInfo?.CenOwnerId, code, time.GetUtcNow(), requestId));
        }

        var to = extraInfo is null ? "the caller" : $"the owner of {extraInfo.CenId}";
        mail.WriteLine($"[simulator] e-mail to {to}: verification code {code}");
    }
}
