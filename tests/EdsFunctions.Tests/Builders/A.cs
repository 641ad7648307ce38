using System.Text.Json.Serialization;

namespace EdsFunctions.Tests.Builders;

/// <summary>The start of each builder expression, such as <c>A.Verification</c>.</summary>
internal static class A
{
    private static int number;

    /// <summary>Builds a request for a code for a CEN that no other test uses.</summary>
    public static VerificationBuilder Verification => new VerificationBuilder().ForCen(FreshCen());

    /// <summary>
    /// An owner that no other test uses, so that tests do not share the limit of e-mails to one owner.
    /// </summary>
    public static long FreshOwner() => 1_000_000_000_000_000 + (uint)Guid.NewGuid().GetHashCode();

    public static string FreshCen() => string.Create(
        CultureInfo.InvariantCulture, $"cen-t{Interlocked.Increment(ref number)}x{Guid.NewGuid().ToString("N")[..10]}");
}

/// <summary>
/// Builds a request for a code: as JSON, as a request of the use case, or as a recorded verification.
/// </summary>
internal sealed record VerificationBuilder
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public const long DefaultOwner = 1234567890123456;

    private static readonly JsonSerializerOptions WithoutNulls =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private string Region { get; init; } = "cn-hangzhou";

    private string Cen { get; init; } = "cen-3weq30r6t0s7t4abcd";

    private long? Owner { get; init; } = DefaultOwner;

    private string? RequestedBy { get; init; }

    private string? Note { get; init; }

    public VerificationBuilder InRegion(string region) => this with { Region = region };

    public VerificationBuilder ForCen(string cen) => this with { Cen = cen };

    public VerificationBuilder OwnedBy(long? owner) => this with { Owner = owner };

    public VerificationBuilder By(string requestedBy, string? note = null) =>
        this with { RequestedBy = requestedBy, Note = note };

    public string CenId => Cen;

    public long? OwnerId => Owner;

    public CenTarget Target() => new(Region, Cen, Owner is { } owner ? new AccountId(owner) : null);

    public SendVerification.Request Request() => new(Target(), RequestedBy, Note);

    public Verification Record(DateTimeOffset? at = null) =>
        Core.Verifications.Verification.Begin(Request(), at ?? Noon);

    /// <summary>The request as JSON.</summary>
    public string Json() => JsonSerializer.Serialize(
        new { regionId = Region, cenId = Cen, cenOwnerId = Owner, requestedBy = RequestedBy, note = Note },
        WithoutNulls);
}

internal static class VerificationExtensions
{
    /// <summary>Creates a request that has only the target of a verification.</summary>
    public static SendVerification.Request Request(this Verification verification) => new(verification.Target);

    /// <summary>
    /// The idempotency key that the app makes from a caller's key, for a caller without a function key.
    /// </summary>
    public static IdempotencyKey HttpKey(this SendVerification.Request request, string key)
    {
        var httpRequest = new DefaultHttpContext().Request;
        httpRequest.Headers["Idempotency-Key"] = key;
        return IdempotencyKey.Create(IdempotencyKeyHeader.Read(httpRequest, new FieldErrors())!, request);
    }

    extension(IdempotencyEntry)
    {
        /// <summary>Creates the entry of an idempotency key that is recorded together with a send.</summary>
        public static IdempotencyEntry Create(IdempotencyKey key, Verification sending) =>
            new(key, sending.Id, sending.SendCount, sending.SendStartedAt);
    }
}
