using System.Security.Cryptography;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// A caller's name for one request, so that a repeat of it is known as one. Only the hash of the name is kept.
/// </summary>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the name.</param>
/// <param name="Fingerprint">Lower-case hexadecimal SHA-256 of what was asked for, to tell a repeat from another request.</param>
public sealed record IdempotencyKey(string Hash, string Fingerprint)
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(48);

    /// <param name="name">What the caller sent.</param>
    /// <param name="request">What the caller asked for; spelled differently it is still the same.</param>
    public static IdempotencyKey Create(string name, SendVerification.Request request) => Create(
        name,
        request.Target.RegionId,
        request.Target.CenId,
        request.Target.CenOwnerId?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        request.RequestedBy,
        request.Note);

    /// <param name="name">What the caller sent, or the platform that delivered it. A header cannot hold a name with a space in it.</param>
    /// <param name="parts">What was asked for.</param>
    public static IdempotencyKey Create(string name, params IEnumerable<string?> parts) => new(
        Sha256(name),
        // Each part with its length, so that no two requests have one text.
        Sha256(string.Concat(parts.Select(part => part is null ? "-" : $"{part.Length}:{part}"))));

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A key as the store keeps it.</summary>
/// <param name="Key">The key.</param>
/// <param name="VerificationId">The verification that the request with this key began or sent anew.</param>
/// <param name="Send">
/// Which send of that verification it was: its <see cref="Verification.SendCount"/>; <see cref="NoSend"/> if the verification was open.
/// </param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Response">The answer that the request got, in the words of the endpoint; null until it was given.</param>
/// <param name="Version">The store's mark of this very version; null before it is stored.</param>
public sealed record IdempotencyEntry(
    IdempotencyKey Key, Guid VerificationId, int Send, DateTimeOffset CreatedAt, string? Response = null, string? Version = null)
{
    /// <summary>The request sent nothing, since the verification was open.</summary>
    public const int NoSend = 0;

    /// <summary>The key of the request that a send answers, as it is recorded with the send.</summary>
    public static IdempotencyEntry Create(IdempotencyKey key, Verification sending) =>
        new(key, sending.Id, sending.SendCount, sending.SendStartedAt);
}
