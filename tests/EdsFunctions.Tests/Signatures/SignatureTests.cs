using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Tests.Signatures;

/// <summary>Every scheme against its published signatures, and against what must not pass for them.</summary>
public sealed class SignatureTests
{
    /// <summary>A secret of every scheme's form that signed nothing.</summary>
    private const string AnotherSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly IEnumerable<SignedDelivery> Published = SignedDelivery.All.Values;

    [Fact]
    public void A_published_signature_is_valid_with_its_secret_alone() => Assert.All(Published, delivery =>
    {
        Assert.Equal(SignatureCheck.Valid, delivery.Verify());
        Assert.Equal(SignatureCheck.Mismatch, delivery.Verify(delivery.Keys(AnotherSecret)));
        Assert.Equal(SignatureCheck.NotConfigured, delivery.Verify(delivery.Keys()));
        Assert.Equal(SignatureCheck.NotConfigured, delivery.Verify(SigningKeys.FromText([])));
        // While secrets are rotated.
        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(AnotherSecret, delivery.Secret)));
        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(delivery.Secret, AnotherSecret)));
    });

    [Fact]
    public void A_signature_of_another_scheme_does_not_match() => Assert.All(
        SignedDelivery.MustNotMatch.Values, delivery => Assert.Equal(SignatureCheck.Mismatch, delivery.Verify()));

    /// <summary>The body of DingTalk is not signed.</summary>
    [Fact]
    public void Any_other_body_does_not_match() => Assert.All(Published.Where(one => one.Body.Length > 0), delivery =>
    {
        Assert.All(
            [delivery.Body[..^1], delivery.Body + "\n", "", "\uFEFF" + delivery.Body],
            body => Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = body }).Verify()));
        Assert.Equal(
            SignatureCheck.Mismatch, delivery.Verify(delivery.Keys(delivery.Secret), body: Encoding.Unicode.GetBytes(delivery.Body)));
    });

    [Fact]
    public void It_is_valid_for_as_long_as_the_scheme_says_and_not_longer() =>
        Assert.All(Published.Where(one => one.MaxAge is not null), delivery =>
        {
            var maxAge = delivery.MaxAge!.Value;
            var second = TimeSpan.FromSeconds(1);

            Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.SignedAt + maxAge));
            Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.SignedAt - maxAge));
            Assert.Equal(SignatureCheck.Expired, delivery.Verify(delivery.SignedAt + maxAge + second));
            Assert.Equal(SignatureCheck.Expired, delivery.Verify(delivery.SignedAt - maxAge - second));
            var header = delivery.Headers.Keys.Single(one => one.EndsWith("timestamp", StringComparison.OrdinalIgnoreCase));
            var later = long.Parse(delivery.Headers[header], CultureInfo.InvariantCulture) + 1;
            Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, $"{later}").Verify());
        });

    [Fact]
    public void Each_header_must_be_present_once() => Assert.All(Published, delivery => Assert.All(delivery.Headers.Keys, header =>
    {
        var (without, twice) = (delivery.HeaderDictionary(), delivery.HeaderDictionary());
        without.Remove(header);
        twice[header] = new StringValues([delivery.Headers[header], delivery.Headers[header]]);

        Assert.Equal(SignatureCheck.MissingSignature, delivery.Verify(delivery.Keys(delivery.Secret), without));
        Assert.Equal(SignatureCheck.MissingSignature, delivery.With(header, "").Verify());
        Assert.Equal(SignatureCheck.Malformed, delivery.Verify(delivery.Keys(delivery.Secret), twice));
    }));

    [Theory]
    [InlineData("slack[0]", "X-Slack-Signature", "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("slack[0]", "X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5")]
    [InlineData("slack[0]", "X-Slack-Signature", "v0=z2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", "-1531420618")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", " 1531420618")]
    [InlineData("slack[0]", "X-Slack-Request-Timestamp", "1531420618000000000000")]
    [InlineData("github[0]", "X-Hub-Signature-256", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("github[0]", "X-Hub-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("teams[0]", "Authorization", "Bearer AvXP8UFTJ/BWhD7woECU4xcvOMr/ue/J55uamBrb0HA=")]
    [InlineData("teams[0]", "Authorization", "HMAC AvXP8UFTJ/BWhD7woECU4xcvOMr/ue/J55uamBrb0H")]
    [InlineData("dingtalk[0]", "sign", "hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D")]
    [InlineData("dingtalk[0]", "timestamp", "1577262236757.0")]
    [InlineData("standardWebhooks[0]", "webhook-signature", "v1,g0hM9SsE")]
    [InlineData("standardWebhooks[0]", "webhook-timestamp", "0x60389D22")]
    [InlineData("standardWebhooks[0]", "webhook-id", "msg p5jX")]
    public void A_header_without_the_form_of_the_scheme_is_malformed(string name, string header, string value) =>
        Assert.Equal(SignatureCheck.Malformed, SignedDelivery.All[name].With(header, value).Verify());

    [Fact]
    public void An_id_that_is_too_long_is_malformed() => Assert.Equal(
        SignatureCheck.Malformed, SignedDelivery.All["standardWebhooks[0]"].With("webhook-id", new string('x', 256)).Verify());

    [Fact]
    public void A_list_is_valid_with_one_signature_that_is_and_other_versions_are_skipped()
    {
        const string Right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        const string Wrong = "v1,A0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

        SignatureCheck Verify(string list) => SignedDelivery.All["standardWebhooks[0]"].With("webhook-signature", list).Verify();
        Assert.Equal(SignatureCheck.Valid, Verify($"{Wrong} {Right}"));
        Assert.Equal(SignatureCheck.Valid, Verify($"v1a,whatever v2,AAAA {Right}"));
        Assert.Equal(SignatureCheck.Mismatch, Verify(Wrong));
        Assert.Equal(SignatureCheck.Mismatch, Verify("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        Assert.Equal(SignatureCheck.Malformed, Verify(string.Join(' ', Enumerable.Repeat(Wrong, 9))));
    }

    [Fact]
    public void A_signature_that_differs_anywhere_does_not_match() => Assert.All(Published, delivery =>
    {
        var (header, signature) = delivery.Headers.MaxBy(one => one.Value.Length);
        // The last character of a base64 has bits that mean nothing.
        for (var i = signature.Length - 8; i < signature.Length - 2; i++)
        {
            var other = signature[i] == '1' ? '2' : '1';
            Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, $"{signature[..i]}{other}{signature[(i + 1)..]}").Verify());
        }
    });

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/slack/)", "is a reference to a vault")]
    public void A_secret_that_anyone_could_know_is_refused(string secret, string message) => Assert.All(
        [SigningKeys.FromText, SigningKeys.FromBase64, SigningKeys.FromStandardWebhooks],
        (Func<IEnumerable<string>, SigningKeys> parse) =>
            Assert.StartsWith(message, Assert.Throws<FormatException>(() => parse([secret])).Message, StringComparison.Ordinal));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("whsec_")]
    public void A_secret_that_is_not_base64_is_refused_without_repeating_it(string secret) => Assert.All(
        [SigningKeys.FromBase64, SigningKeys.FromStandardWebhooks],
        (Func<IEnumerable<string>, SigningKeys> parse) =>
            Assert.Equal("is not base64", Assert.Throws<FormatException>(() => parse([secret])).Message));

    [Fact]
    public void The_prefix_of_a_standard_webhooks_secret_may_be_left_out()
    {
        var delivery = SignedDelivery.All["standardWebhooks[0]"];

        Assert.Equal(SignatureCheck.Valid, delivery.Verify(delivery.Keys(delivery.Secret["whsec_".Length..])));
    }
}
