using System.Security.Cryptography;
using Azure.Data.Tables;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// The rows of the table. In the partition <c>open</c>: <c>v-{id}</c> for a verification, <c>k-{hash}</c> for the state
/// of a target, <c>r-{ref}</c> for a reference, <c>o-{hash}</c> for the sends to an owner, <c>i-{hash}</c> for an
/// idempotency key, and <c>s-{name}</c> for a marker. In the partitions <c>closed-{yyyyMM}</c>, by the month of
/// creation: <c>{id}</c>. A row with <c>CreatedAt</c> is removed when it is old.
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

    /// <summary>Existing tables store the response under this name.</summary>
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
    /// The row key of a target. It is a hash: it must be short, and everyone who lists the table sees it.
    /// </summary>
    public static string TargetRow(CenTarget target) =>
        TargetPrefix + Hash($"{target.RegionId}/{target.CenId}/{target.CenOwnerId?.Value}");

    public static string OwnerRow(AccountId? owner) => OwnerPrefix + Hash($"{owner?.Value}");

    /// <summary>Null if the id was not created by this app.</summary>
    public static string? ClosedPartition(Guid id) =>
        VerificationIds.GetTime(id) is { } created ? ClosedPartition(created) : null;

    public static string ClosedPartition(DateTimeOffset created) =>
        string.Create(CultureInfo.InvariantCulture, $"{ClosedPrefix}{created.UtcDateTime:yyyyMM}");

    public static TableEntity FromVerification(Verification verification) =>
        Fill(new(Open, VerificationRow(verification.Id)), verification);

    public static TableEntity FromClosed(Verification verification) =>
        Fill(new(ClosedPartition(verification.Id)!, verification.Id.ToString()), verification);

    /// <summary>
    /// The row of a target. It names the open verification, or the cooldown after the verification is closed.
    /// </summary>
    public static TableEntity FromTarget(Verification verification) =>
        Release(new(Open, TargetRow(verification.Target))
        {
            [VerificationId] = verification.Id,
            [LastMailAt] = verification.IsOpen ? null : verification.LastMailAt?.ToUnixTimeMilliseconds(),
        }, verification);

    /// <summary>The row of a reference, kept for a while after the verification is closed.</summary>
    public static TableEntity FromRef(Verification verification) =>
        Release(new(Open, RefPrefix + verification.Ref) { [VerificationId] = verification.Id }, verification);

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

    /// <summary>The id of the verification in its row.</summary>
    public static Guid GetId(TableEntity entity) =>
        Guid.Parse(entity.PartitionKey == Open ? entity.RowKey[VerificationPrefix.Length..] : entity.RowKey);

    /// <exception cref="UnreadableRecordException">
    /// The record was written by a newer version of the app, or is corrupt.
    /// </exception>
    public static Verification ToVerification(TableEntity entity) =>
        VerificationJson.Read(GetId(entity), entity.GetString(Document), entity.ETag.ToString());

    public static StoredVerification ToStored(TableEntity entity, RecordReader records) =>
        records.Read(GetId(entity), entity.GetString(Document), entity.ETag.ToString());

    /// <summary>The id of the verification that the row of a target or of a reference names.</summary>
    public static Guid GetHolder(TableEntity holder) => holder.GetGuid(VerificationId)!.Value;

    /// <summary>The state of a target whose verification is closed; null if it is open.</summary>
    public static TargetState? ToReleased(TableEntity entity) => entity.GetInt64(CreatedAt) is null
        ? null
        : new TargetState(
            LastId: GetHolder(entity),
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

    private static TableEntity Release(TableEntity entity, Verification verification)
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
