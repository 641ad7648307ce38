using System.Security.Cryptography;
using Azure.Data.Tables;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// Converts records to rows of the table, and back. Row keys in the partition <c>open</c>: <c>v-{id}</c> for a
/// verification, <c>k-{hash}</c> for the state of a target, <c>r-{ref}</c> for a reference, <c>o-{hash}</c> for the
/// sends to an owner, <c>i-{hash}</c> for an idempotency key, and <c>s-{name}</c> for a marker. The partitions
/// <c>closed-{yyyyMM}</c> have the closed verifications by the month of creation, with the row key <c>{id}</c>. A row
/// with the property <c>CreatedAt</c> is removed when it is old.
/// </summary>
internal static class TableRows
{
    public const string Open = "open";
    public const string ClosedPrefix = "closed-";
    public const string VerificationPrefix = "v-";
    public const string KeyPrefix = "i-";
    public const string RefPrefix = "r-";

    public const string State = nameof(State);
    public const string RegionId = nameof(RegionId);
    public const string ClosedAt = nameof(ClosedAt);
    public const string CreatedAt = nameof(CreatedAt);

    /// <summary>
    /// The property with the stored response. The name must not change, because existing tables contain it.
    /// </summary>
    public const string Response = "Answer";

    public const string Value = nameof(Value);

    private const string TargetPrefix = "k-";
    private const string OwnerPrefix = "o-";
    private const string MarkerPrefix = "s-";
    private const string Document = nameof(Document);
    private const string VerificationId = nameof(VerificationId);
    private const string LastMailAt = nameof(LastMailAt);
    private const string Sends = nameof(Sends);
    private const string Send = nameof(Send);
    private const string Fingerprint = nameof(Fingerprint);

    public static string VerificationRow(Guid id) => $"{VerificationPrefix}{id}";

    public static string KeyRow(string hash) => $"{KeyPrefix}{hash}";

    public static string MarkerRow(string name) => $"{MarkerPrefix}{name}";

    /// <summary>
    /// The row key of a target. The key is a hash, because everyone who lists the table sees it, and because it must be
    /// short.
    /// </summary>
    public static string TargetRow(CenTarget target) =>
        TargetPrefix + Hash($"{target.RegionId}/{target.CenId}/{target.CenOwnerId?.Value}");

    public static string OwnerRow(AccountId? owner) => OwnerPrefix + Hash($"{owner?.Value}");

    /// <summary>The partition for a closed verification. Null if this app did not create the id.</summary>
    public static string? ClosedPartition(Guid id) =>
        VerificationIds.GetTime(id) is { } created ? ClosedPartition(created) : null;

    public static string ClosedPartition(DateTimeOffset created) =>
        string.Create(CultureInfo.InvariantCulture, $"{ClosedPrefix}{created.UtcDateTime:yyyyMM}");

    public static TableEntity FromVerification(Verification verification) =>
        Fill(new(Open, VerificationRow(verification.Id)), verification);

    public static TableEntity FromClosed(Verification verification) =>
        Fill(new(ClosedPartition(verification.Id)!, verification.Id.ToString()), verification);

    /// <summary>
    /// Creates the row with the state of a target: the open verification, or the cooldown after that verification was
    /// closed.
    /// </summary>
    public static TableEntity FromTarget(Verification verification) =>
        SetClosedTime(new(Open, TargetRow(verification.Target))
        {
            [VerificationId] = verification.Id,
            [LastMailAt] = verification.IsOpen ? null : verification.LastMailAt?.ToUnixTimeMilliseconds(),
        }, verification);

    /// <summary>Creates the row of a reference. The row stays for two days after the verification was closed.</summary>
    public static TableEntity FromRef(Verification verification) =>
        SetClosedTime(new(Open, RefPrefix + verification.Ref) { [VerificationId] = verification.Id }, verification);

    public static TableEntity FromOwner(OwnerSends sends, DateTimeOffset now) => new(Open, OwnerRow(sends.Owner))
    {
        [Sends] = sends.ToJson(),
        [CreatedAt] = now.ToUnixTimeMilliseconds(),
    };

    public static TableEntity FromKey(IdempotencyEntry entry) => new(Open, KeyRow(entry.Key.Hash))
    {
        [Fingerprint] = entry.Key.Fingerprint,
        [VerificationId] = entry.VerificationId,
        [Send] = entry.Send,
        [CreatedAt] = entry.CreatedAt.ToUnixTimeMilliseconds(),
    };

    public static TableEntity FromMarker(string name, string value) =>
        new(Open, MarkerRow(name)) { [Value] = value };

    /// <summary>Reads the id of a verification from its row.</summary>
    public static Guid GetId(TableEntity entity) =>
        Guid.Parse(entity.PartitionKey == Open ? entity.RowKey[VerificationPrefix.Length..] : entity.RowKey);

    /// <exception cref="UnreadableRecordException">
    /// The record was written by a newer version of the app, or is corrupt.
    /// </exception>
    public static Verification ToVerification(TableEntity entity) =>
        VerificationJson.Read(GetId(entity), entity.GetString(Document), entity.ETag.ToString());

    public static StoredVerification ToStored(TableEntity entity, RecordReader records) =>
        records.Read(GetId(entity), entity.GetString(Document), entity.ETag.ToString());

    /// <summary>Reads the id of the verification that a target or a reference belongs to.</summary>
    public static Guid GetVerificationId(TableEntity row) => row.GetGuid(VerificationId)!.Value;

    /// <summary>Reads the state of a target whose verification is closed; null if the verification is open.</summary>
    public static TargetState? ToReleasedTarget(TableEntity entity) => entity.GetInt64(CreatedAt) is null
        ? null
        : new TargetState(
            LastId: GetVerificationId(entity),
            LastMailAt: entity.GetInt64(LastMailAt) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Version: entity.ETag.ToString());

    public static OwnerSends ToOwner(AccountId? owner, TableEntity? entity) =>
        OwnerSends.FromJson(owner, entity?.GetString(Sends), entity?.ETag.ToString());

    public static IdempotencyEntry ToKey(string hash, TableEntity entity) => new(
        new IdempotencyKey(hash, entity.GetString(Fingerprint)),
        entity.GetGuid(VerificationId)!.Value,
        entity.GetInt32(Send)!.Value,
        DateTimeOffset.FromUnixTimeMilliseconds(entity.GetInt64(CreatedAt)!.Value),
        entity.GetString(Response),
        entity.ETag.ToString());

    private static TableEntity SetClosedTime(TableEntity entity, Verification verification)
    {
        if (verification.ClosedAt is { } at)
        {
            entity[CreatedAt] = at.ToUnixTimeMilliseconds();
        }

        return entity;
    }

    private static TableEntity Fill(TableEntity entity, Verification verification)
    {
        entity[State] = verification.State.Name();
        entity[RegionId] = verification.Target.RegionId;
        entity[ClosedAt] = verification.ClosedAt?.ToUnixTimeMilliseconds();
        entity[Document] = VerificationJson.Write(verification);
        return entity;
    }

    private static string Hash(FormattableString text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture))));
}
