namespace EdsFunctions.Tests.Webhooks;

public sealed class SigningKeysTests
{
    [Theory]
    [InlineData("")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/slack/)")]
    public void A_secret_that_anyone_could_know_is_refused(string secret)
    {
        Assert.Throws<FormatException>(() => SigningKeys.OfText([secret]));
        Assert.Throws<FormatException>(() => SigningKeys.OfBase64([secret]));
        Assert.Throws<FormatException>(() => SigningKeys.OfStandardWebhooks([secret]));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("whsec_")]
    public void A_secret_that_is_not_base64_is_refused_without_repeating_it(string secret)
    {
        Assert.DoesNotContain(secret, Assert.Throws<FormatException>(() => SigningKeys.OfBase64([secret])).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => SigningKeys.OfStandardWebhooks([secret]));
    }

    [Fact]
    public void The_prefix_of_a_standard_webhooks_secret_may_be_left_out()
    {
        var delivery = SignedDelivery.All["standardWebhooks[0]"];

        Assert.Equal(
            SignatureCheck.Valid,
            delivery.Check(delivery.SignedAt, SigningKeys.OfStandardWebhooks([delivery.Secret["whsec_".Length..]])));
    }
}
