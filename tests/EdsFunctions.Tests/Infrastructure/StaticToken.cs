using Azure.Core;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A sign-in that always succeeds with the same token, which is what the stand-ins of the tests accept.</summary>
internal sealed class StaticToken : TokenCredential
{
    public const string Value = "token-of-the-test";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(Value, DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
