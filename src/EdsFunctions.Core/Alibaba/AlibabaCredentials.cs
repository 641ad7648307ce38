namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An Alibaba Cloud access key: the id names it, the secret signs, and the token goes with a temporary key of the Security Token
/// Service (STS). <see cref="ToString"/> reveals none of them.
/// </summary>
public sealed record AlibabaCredentials
{
    /// <param name="accessKeyId">Visible ASCII; it is sent as part of the Authorization header.</param>
    /// <param name="accessKeySecret">Visible ASCII; the key of the HMAC, never sent.</param>
    /// <param name="securityToken">Visible ASCII; sent as a header with a temporary key, otherwise null.</param>
    /// <exception cref="ArgumentException">A value is empty or not visible ASCII. The message names it and does not repeat it.</exception>
    public AlibabaCredentials(string accessKeyId, string accessKeySecret, string? securityToken = null)
    {
        AccessKeyId = VisibleAscii(accessKeyId, "access key id");
        AccessKeySecret = new Secret(VisibleAscii(accessKeySecret, "access key secret"));
        SecurityToken = securityToken is null ? null : new Secret(VisibleAscii(securityToken, "security token"));
    }

    public string AccessKeyId { get; }

    public Secret AccessKeySecret { get; }

    public Secret? SecurityToken { get; }

    /// <summary>Reveals nothing: neither the secret nor the token, and not the id either.</summary>
    public override string ToString() => nameof(AlibabaCredentials);

    private static string VisibleAscii(string value, string name) =>
        !string.IsNullOrEmpty(value) && value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? value
            : throw new ArgumentException($"The Alibaba {name} is empty or has characters other than visible ASCII.");
}
