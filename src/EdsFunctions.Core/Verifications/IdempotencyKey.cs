using System.Security.Cryptography;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The name that a caller gives to one request, so that the app recognizes a repeat. The store has only the hash of the
/// name.
/// </summary>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the name.</param>
/// <param name="Fingerprint">
/// Lower-case hexadecimal SHA-256 of the request. A different request with the same key is an error, not a repeat.
/// </param>
public sealed record IdempotencyKey(string Hash, string Fingerprint)
{
    /// <summary>How long the store keeps an idempotency key.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    /// <param name="name">The key as the caller sent it.</param>
    /// <param name="request">
    /// The request. Two requests that differ only in how their JSON is written have the same fingerprint.
    /// </param>
    public static IdempotencyKey Create(string name, SendVerification.Request request) => Create(
        name,
        request.Target.RegionId,
        request.Target.CenId,
        request.Target.CenOwnerId?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        request.RequestedBy,
        request.Note);

    /// <param name="name">
    /// The name from the caller, or a name made from the id of a delivery. A name made by the app contains a space, and
    /// a name from the caller cannot, so they never collide.
    /// </param>
    /// <param name="parts">The fields of the request.</param>
    public static IdempotencyKey Create(string name, params IEnumerable<string?> parts) => new(
        Sha256(name),
        // Add the length of each field, so that two different requests never result in the same text.
        Sha256(string.Concat(parts.Select(part => part is null ? "-" : $"{part.Length}:{part}"))));

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A stored key.</summary>
/// <param name="Key">The key.</param>
/// <param name="VerificationId">The verification that the request created or resent.</param>
/// <param name="Send">
/// The number of the send that the request made (<see cref="Verification.SendCount"/>); <see cref="NoSend"/> if a
/// verification was already open.
/// </param>
/// <param name="CreatedAt">When the key was stored, in UTC.</param>
/// <param name="Response">The stored response to the request; null until the endpoint has stored one.</param>
/// <param name="Version">The version of the entry in the store; null before the entry is stored.</param>
public sealed record IdempotencyEntry(
    IdempotencyKey Key,
    Guid VerificationId,
    int Send,
    DateTimeOffset CreatedAt,
    string? Response = null,
    string? Version = null)
{
    /// <summary>The request sent nothing, because a verification was already open.</summary>
    public const int NoSend = 0;
}
