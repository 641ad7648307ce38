using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Tests.Platforms;

/// <summary>
/// Tests the signature schemes of all platforms with published signatures, and with variations of them.
/// </summary>
public sealed class SignatureTests
{
    /// <summary>A secret that every scheme accepts, but that signed none of the deliveries.</summary>
    private const string AnotherSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly IEnumerable<SignedDelivery> Published = SignedDelivery.All.Values;

    [Fact]
    public void Verify_PublishedSignature_IsValidWithItsSecretOnly() => Assert.All(Published, delivery =>
    {
        Assert.Equal(SignatureCheck.Valid, delivery.Verify());
        Assert.Equal(SignatureCheck.Mismatch, delivery.Verify(delivery.Keys(AnotherSecret)));
        Assert.Equal(SignatureCheck.NotConfigured, delivery.Verify(delivery.Keys()));
        Assert.Equal(SignatureCheck.NotConfigured, delivery.Verify(SigningKeys.FromText([])));
        // During the rotation of a secret, two secrets are configured.
        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(AnotherSecret, delivery.Secret)));
        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(delivery.Secret, AnotherSecret)));
    });

    [Fact]
    public void Verify_SignatureOfAnotherScheme_DoesNotMatch() => Assert.All(
        SignedDelivery.MustNotMatch.Values, delivery => Assert.Equal(SignatureCheck.Mismatch, delivery.Verify()));

    /// <summary>Leaves out the published signatures of DingTalk, which do not cover the body.</summary>
    [Fact]
    public void Verify_ChangedBody_DoesNotMatch() => Assert.All(Published.Where(one => one.Body.Length > 0), delivery =>
    {
        Assert.All(
            [delivery.Body[..^1], delivery.Body + "\n", "", "\uFEFF" + delivery.Body],
            body => Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = body }).Verify()));
        var utf16 = Encoding.Unicode.GetBytes(delivery.Body);
        Assert.Equal(SignatureCheck.Mismatch, delivery.Verify(delivery.Keys(delivery.Secret), body: utf16));
    });

    [Fact]
    public void Verify_OlderThanMaxAge_IsExpired() =>
        Assert.All(Published.Where(one => one.MaxAge is not null), delivery =>
        {
            var maxAge = delivery.MaxAge!.Value;
            var second = TimeSpan.FromSeconds(1);

            Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.SignedAt + maxAge));
            Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.SignedAt - maxAge));
            Assert.Equal(SignatureCheck.Expired, delivery.Verify(delivery.SignedAt + maxAge + second));
            Assert.Equal(SignatureCheck.Expired, delivery.Verify(delivery.SignedAt - maxAge - second));
            var header = delivery.Headers.Keys.Single(
                one => one.EndsWith("timestamp", StringComparison.OrdinalIgnoreCase));
            var later = long.Parse(delivery.Headers[header], CultureInfo.InvariantCulture) + 1;
            Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, $"{later}").Verify());
        });

    [Fact]
    public void Verify_HeaderMissingOrRepeated_IsNotValid()
    {
        foreach (var delivery in Published)
        {
            Assert.All(delivery.Headers.Keys, header =>
            {
                var (without, twice) = (delivery.HeaderDictionary(), delivery.HeaderDictionary());
                without.Remove(header);
                twice[header] = new StringValues([delivery.Headers[header], delivery.Headers[header]]);

                Assert.Equal(SignatureCheck.MissingSignature, delivery.Verify(delivery.Keys(delivery.Secret), without));
                Assert.Equal(SignatureCheck.MissingSignature, delivery.With(header, "").Verify());
                Assert.Equal(SignatureCheck.Malformed, delivery.Verify(delivery.Keys(delivery.Secret), twice));
            });
        }
    }

    [Theory]
    [InlineData("slack[0]", "X-Slack-Signature", "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("slack[0]", "X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5")]
    [InlineData("slack[0]", "X-Slack-Signature", "v0=z2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", "-1531420618")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", " 1531420618")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", "1531420618000000000000")]
    [InlineData(
        "github[0]", "X-Hub-Signature-256", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("github[0]", "X-Hub-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("teams[0]", "Authorization", "Bearer AvXP8UFTJ/BWhD7woECU4xcvOMr/ue/J55uamBrb0HA=")]
    [InlineData("teams[0]", "Authorization", "HMAC AvXP8UFTJ/BWhD7woECU4xcvOMr/ue/J55uamBrb0H")]
    [InlineData("dingtalk[0]", "sign", "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D")]
    [InlineData("dingtalk[0]", "timestamp", "1577262236757.0")]
    [InlineData("standardWebhooks[0]", "webhook-signature", "v1,g0hM9SsE")]
    [InlineData("standardWebhooks[0]", "webhook-timestamp", "0x60389D22")]
    [InlineData("standardWebhooks[0]", "webhook-id", "msg p5jX")]
    public void Verify_HeaderInAnotherFormat_IsMalformed(string name, string header, string value) =>
        Assert.Equal(SignatureCheck.Malformed, SignedDelivery.All[name].With(header, value).Verify());

    [Theory]
    [InlineData(255, SignatureCheck.Mismatch)]
    [InlineData(256, SignatureCheck.Malformed)]
    public void Verify_IdTooLong_IsMalformed(int length, SignatureCheck check) => Assert.Equal(
        check, SignedDelivery.All["standardWebhooks[0]"].With("webhook-id", new string('x', length)).Verify());

    [Theory]
    [InlineData("webhook-id", "!~", SignatureCheck.Mismatch)]
    [InlineData("webhook-timestamp", "161436445000000", SignatureCheck.Expired)]
    [InlineData("webhook-timestamp", "1614364450000000", SignatureCheck.Malformed)]
    public void Verify_HeaderAtItsLimits_IsReadAsFarAsItIsWellFormed(
        string header, string value, SignatureCheck check) =>
        Assert.Equal(check, SignedDelivery.All["standardWebhooks[0]"].With(header, value).Verify());

    [Theory]
    [InlineData("sha256=00", true)]
    [InlineData("sha1=00", false)]
    [InlineData("00sha256=", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsIn_Header_NeedsThePrefix(string? signature, bool isIn) =>
        Assert.Equal(
            isIn, GitHubSender.Signature.IsPresent(new HeaderDictionary { ["X-Hub-Signature-256"] = signature }));

    [Fact]
    public void IsIn_List_MayHaveOtherPrefixesAndHeaders()
    {
        Assert.False(StandardWebhooksSender.Signature.IsPresent(new HeaderDictionary()));
        Assert.False(StandardWebhooksSender.Signature.IsPresent(new HeaderDictionary { ["webhook-signature"] = "" }));
        Assert.True(StandardWebhooksSender.Signature.IsPresent(
            new HeaderDictionary { ["webhook-signature"] = new StringValues(["", "v2,AAAA"]) }));
    }

    [Fact]
    public void GetId_SignedId_IsReturned()
    {
        var headers = SignedDelivery.All["standardWebhooks[0]"].HeaderDictionary();

        Assert.Equal(headers["webhook-id"].ToString(), StandardWebhooksSender.Signature.GetId(headers));
        Assert.Null(GitHubSender.Signature.GetId(headers));
    }

    /// <summary>
    /// A list of signatures is valid if one of them is valid: svix/svix-webhooks#55, svix/svix-webhooks#1942.
    /// </summary>
    [Fact]
    public void Verify_ListOfSignatures_IsValidIfOneMatches()
    {
        const string Valid = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        const string Invalid = "v1,A0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

        SignatureCheck Verify(string list) =>
            SignedDelivery.All["standardWebhooks[0]"].With("webhook-signature", list).Verify();
        string Repeat(string signature, int count) => string.Join(' ', Enumerable.Repeat(signature, count));
        Assert.Equal(SignatureCheck.Valid, Verify($"{Invalid} {Valid}"));
        Assert.Equal(SignatureCheck.Valid, Verify($"{Valid} {Valid}"));
        Assert.Equal(SignatureCheck.Valid, Verify($"v1a,whatever v2,AAAA {Valid}"));
        Assert.Equal(SignatureCheck.Mismatch, Verify(Invalid));
        Assert.Equal(SignatureCheck.Mismatch, Verify("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        // A malformed signature in the list is skipped, wherever it stands.
        Assert.All(
            ["v1,BADSIG", "v1,", "v1", ",", "", "BAD_SIGNATURE", "v1,g0hM9SsE!OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
            malformed =>
            {
                Assert.Equal(SignatureCheck.Valid, Verify($"{malformed} {Valid}"));
                Assert.Equal(SignatureCheck.Valid, Verify($"{Valid} {malformed}"));
                Assert.Equal(SignatureCheck.Mismatch, Verify($"{malformed} {Invalid}"));
            });
        // Invalid signatures do not hide the valid one, but their number is limited.
        Assert.Equal(SignatureCheck.Valid, Verify($"{Repeat(Invalid, 63)} {Valid}"));
        Assert.Equal(SignatureCheck.Valid, Verify($"{Repeat("v1,BADSIG", 100)} {Valid}"));
        Assert.Equal(SignatureCheck.Malformed, Verify($"{Repeat(Invalid, 64)} {Valid}"));
    }

    [Fact]
    public void Verify_SignatureWithAChangedCharacter_DoesNotMatch() => Assert.All(Published, delivery =>
    {
        var (header, signature) = delivery.Headers.MaxBy(one => one.Value.Length);
        // Do not change the last character, because base64 does not use all its bits.
        for (var i = signature.Length - 8; i < signature.Length - 2; i++)
        {
            var other = signature[i] == '1' ? '2' : '1';
            var changed = $"{signature[..i]}{other}{signature[(i + 1)..]}";
            Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, changed).Verify());
        }
    });

    [Fact]
    public void Verify_StandardWebhooksSecretWithoutPrefix_IsValid()
    {
        var delivery = SignedDelivery.All["standardWebhooks[0]"];

        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(delivery.Secret["whsec_".Length..])));
    }
}
