namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A stored record, or a part of a record. If a newer version of the app has written more fields, this version keeps
/// them.
/// </summary>
public abstract record ExtensibleRecord
{
    /// <summary>Set by the serializer only.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>
    /// Compares the records without their unknown fields, because a <see cref="JsonElement"/> cannot be compared by
    /// value.
    /// </summary>
    public virtual bool Equals(ExtensibleRecord? other) => EqualityContract == other?.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>Leaves the unknown fields out of <c>ToString</c>, because they may contain secrets.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
