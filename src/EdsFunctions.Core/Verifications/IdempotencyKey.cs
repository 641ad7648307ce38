using System.Security.Cryptography;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// A caller's name for one request, by which a repeat is recognized. Only the hash of the name is stored.
/// </summary>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the name.</param>
/// <param name="Fingerprint">
/// Lower-case hexadecimal SHA-256 of the request. Another request with the same key is no repeat.
/// </param>
public sealed record IdempotencyKey(string Hash, string Fingerprint)
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    /// <param name="name">The name as the caller sent it.</param>
    /// <param name="request">The request. Its fingerprint does not depend on its form in JSON.</param>
    public static IdempotencyKey Create(string name, SendVerification.Request request) => Create(
        name,
        request.Target.RegionId,
        request.Target.CenId,
        request.Target.CenOwnerId?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        request.RequestedBy,
        request.Note);

    /// <param name="name">
    /// From the caller, or built from the id of a delivery. A built name contains a space; a name from the caller
    /// cannot.
    /// </param>
    /// <param name="parts">The fields of the request.</param>
    public static IdempotencyKey Create(string name, params IEnumerable<string?> parts) => new(
        Sha256(name),
        // The text has the length of each part, so that no two requests have the same text.
        Sha256(string.Concat(parts.Select(part => part is null ? "-" : $"{part.Length}:{part}"))));

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A stored key.</summary>
/// <param name="Key">The key.</param>
/// <param name="VerificationId">The verification that the request created or resent.</param>
/// <param name="Send">
/// The number of the request's send (<see cref="Verification.SendCount"/>); <see cref="NoSend"/> if the verification
/// was already open.
/// </param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Response">
/// The response to the request, as the endpoint stores it; null until the endpoint has stored it.
/// </param>
/// <param name="Version">The store's version of the entry; null before it is stored.</param>
public sealed record IdempotencyEntry(
    IdempotencyKey Key,
    Guid VerificationId,
    int Send,
    DateTimeOffset CreatedAt,
    string? Response = null,
    string? Version = null)
{
    /// <summary>The request sent nothing because the verification was open.</summary>
    public const int NoSend = 0;
}
