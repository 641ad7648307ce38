using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An Alibaba Cloud access key: id, secret and, for a temporary key of the Security Token Service (STS), its token.
/// <see cref="ToString"/> contains none of these values.
/// </summary>
public sealed record AlibabaCredentials
{
    /// <param name="accessKeyId">Visible ASCII; sent in the <c>Authorization</c> header.</param>
    /// <param name="accessKeySecret">Visible ASCII; the key of the HMAC, never sent.</param>
    /// <param name="securityToken">Visible ASCII; the STS token, or null for a permanent key.</param>
    /// <exception cref="ArgumentException">
    /// A value is empty or not visible ASCII. The message does not contain it.
    /// </exception>
    public AlibabaCredentials(string accessKeyId, string accessKeySecret, string? securityToken = null)
    {
        AccessKeyId = VisibleAscii(accessKeyId, "access key id");
        AccessKeySecret = new Secret(VisibleAscii(accessKeySecret, "access key secret"));
        SecurityToken = securityToken is null ? null : new Secret(VisibleAscii(securityToken, "security token"));
    }

    public string AccessKeyId { get; }

    public Secret AccessKeySecret { get; }

    public Secret? SecurityToken { get; }

    /// <summary>Returns the type name only, because the values are secret.</summary>
    public override string ToString() => nameof(AlibabaCredentials);

    private static string VisibleAscii(string value, string name) =>
        !string.IsNullOrEmpty(value) && value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? value
            : throw new ArgumentException(
                $"The Alibaba {name} is empty or contains characters other than visible ASCII.");
}
