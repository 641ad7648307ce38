using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Tests.Webhooks;

/// <summary>Every verifier against the published signature of its scheme, and against what must not pass for it.</summary>
public sealed class SignatureTests
{
    /// <summary>A secret of each scheme's form that signed nothing.</summary>
    private const string AnotherSecret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public static TheoryData<string> Published => [.. SignedDelivery.All.Keys];

    public static TheoryData<string> Lookalikes => [.. SignedDelivery.MustNotMatch.Keys];

    public static TheoryData<string> WithTime => [.. SignedDelivery.All.Values.Where(one => one.FreshFor is not null).Select(one => one.Name)];

    public static TheoryData<string> WithBody => [.. SignedDelivery.All.Values.Where(one => one.BodyIsSigned).Select(one => one.Name)];

    public static TheoryData<string, string> EachHeader
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var delivery in SignedDelivery.All.Values)
            {
                foreach (var header in delivery.Headers.Keys)
                {
                    data.Add(delivery.Name, header);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_published_signature_is_valid(string name) =>
        Assert.Equal(SignatureCheck.Valid, SignedDelivery.All[name].Check());

    [Theory]
    [MemberData(nameof(Lookalikes))]
    public void A_signature_of_another_scheme_does_not_match(string name) =>
        Assert.Equal(SignatureCheck.Mismatch, SignedDelivery.MustNotMatch[name].Check());

    [Theory]
    [MemberData(nameof(Published))]
    public void Without_a_secret_nothing_is_valid(string name)
    {
        var delivery = SignedDelivery.All[name];

        Assert.Equal(SignatureCheck.NotConfigured, delivery.Check(delivery.SignedAt, delivery.Keys([])));
        Assert.Equal(SignatureCheck.NotConfigured, delivery.Check(delivery.SignedAt, SigningKeys.None));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Another_secret_does_not_match(string name)
    {
        var delivery = SignedDelivery.All[name];

        Assert.Equal(SignatureCheck.Mismatch, delivery.Check(delivery.SignedAt, delivery.Keys([AnotherSecret])));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void While_secrets_are_rotated_both_are_good(string name)
    {
        var delivery = SignedDelivery.All[name];

        Assert.Equal(SignatureCheck.Valid, delivery.Check(delivery.SignedAt, delivery.Keys([AnotherSecret, delivery.Secret])));
        Assert.Equal(SignatureCheck.Valid, delivery.Check(delivery.SignedAt, delivery.Keys([delivery.Secret, AnotherSecret])));
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public void Any_other_body_does_not_match(string name)
    {
        var delivery = SignedDelivery.All[name];

        Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = delivery.Body[..^1] }).Check());
        Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = delivery.Body + "\n" }).Check());
        Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = "" }).Check());
        Assert.Equal(SignatureCheck.Mismatch, (delivery with { Body = "\uFEFF" + delivery.Body }).Check());
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public void A_body_that_was_encoded_anew_does_not_match(string name)
    {
        var delivery = SignedDelivery.All[name];
        var bytes = Encoding.Unicode.GetBytes(delivery.Body);

        Assert.Equal(
            SignatureCheck.Mismatch,
            delivery.Verify(delivery.Keys([delivery.Secret]), delivery.HeaderDictionary(), bytes, delivery.SignedAt));
    }

    [Theory]
    [MemberData(nameof(WithTime))]
    public void It_is_fresh_for_as_long_as_the_scheme_says_and_not_longer(string name)
    {
        var delivery = SignedDelivery.All[name];
        var keys = delivery.Keys([delivery.Secret]);
        var fresh = delivery.FreshFor!.Value;

        Assert.Equal(SignatureCheck.Valid, delivery.Check(delivery.SignedAt + fresh, keys));
        Assert.Equal(SignatureCheck.Valid, delivery.Check(delivery.SignedAt - fresh, keys));
        Assert.Equal(SignatureCheck.Expired, delivery.Check(delivery.SignedAt + fresh + TimeSpan.FromSeconds(1), keys));
        Assert.Equal(SignatureCheck.Expired, delivery.Check(delivery.SignedAt - fresh - TimeSpan.FromSeconds(1), keys));
    }

    [Theory]
    [MemberData(nameof(WithTime))]
    public void Another_time_than_the_signed_one_does_not_match(string name)
    {
        var delivery = SignedDelivery.All[name];
        var header = delivery.Headers.Keys.Single(one => one.EndsWith("timestamp", StringComparison.OrdinalIgnoreCase));
        var later = long.Parse(delivery.Headers[header], null) + 1;

        Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, $"{later}").Check());
    }

    [Theory]
    [MemberData(nameof(EachHeader))]
    public void Without_one_of_its_headers_there_is_no_signature(string name, string header)
    {
        Assert.Equal(SignatureCheck.MissingSignature, SignedDelivery.All[name].Without(header).Check());
        Assert.Equal(SignatureCheck.MissingSignature, SignedDelivery.All[name].With(header, "").Check());
    }

    [Theory]
    [MemberData(nameof(EachHeader))]
    public void A_header_that_comes_twice_is_malformed(string name, string header)
    {
        var delivery = SignedDelivery.All[name];
        var headers = delivery.HeaderDictionary();
        headers[header] = new StringValues([delivery.Headers[header], delivery.Headers[header]]);

        Assert.Equal(
            SignatureCheck.Malformed,
            delivery.Verify(
                delivery.Keys([delivery.Secret]), headers, Encoding.UTF8.GetBytes(delivery.Body), delivery.SignedAt));
    }

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
    public void What_has_not_the_form_of_the_scheme_is_malformed(string name, string header, string value) =>
        Assert.Equal(SignatureCheck.Malformed, SignedDelivery.All[name].With(header, value).Check());

    [Fact]
    public void A_list_of_signatures_is_valid_with_one_that_is_and_versions_of_the_future_are_skipped()
    {
        const string Right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        const string Wrong = "v1,A0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        var delivery = SignedDelivery.All["standardWebhooks[0]"];

        SignatureCheck Check(string list) => delivery.With("webhook-signature", list).Check();
        Assert.Equal(SignatureCheck.Valid, Check($"{Wrong} {Right}"));
        Assert.Equal(SignatureCheck.Valid, Check($"v1a,whatever v2,AAAA {Right}"));
        Assert.Equal(SignatureCheck.Mismatch, Check(Wrong));
        Assert.Equal(SignatureCheck.Mismatch, Check("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        Assert.Equal(SignatureCheck.Malformed, Check(string.Join(' ', Enumerable.Repeat(Wrong, 9))));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_signature_that_differs_anywhere_does_not_match(string name)
    {
        var delivery = SignedDelivery.All[name];
        var header = delivery.Headers.MaxBy(one => one.Value.Length).Key;
        var signature = delivery.Headers[header];
        // The last character of a base64 has bits that mean nothing.
        for (var i = signature.Length - 8; i < signature.Length - 2; i++)
        {
            var other = signature[i] == '1' ? '2' : '1';
            Assert.Equal(SignatureCheck.Mismatch, delivery.With(header, $"{signature[..i]}{other}{signature[(i + 1)..]}").Check());
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void A_check_allocates_nothing(string name)
    {
        var delivery = SignedDelivery.All[name];
        var keys = delivery.Keys([delivery.Secret]);
        var headers = delivery.HeaderDictionary();
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        // The first calls compile, and fill the pool.
        for (var i = 0; i < 100; i++)
        {
            delivery.Verify(keys, headers, body, delivery.SignedAt);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            delivery.Verify(keys, headers, body, delivery.SignedAt);
        }

        // A stray allocation of the runtime is not one per call.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99);
    }
}
