namespace EdsFunctions.Core.Alibaba;

/// <summary>A stored record, or a part of one, that keeps the fields that a newer version of the app wrote.</summary>
public abstract record ExtensibleRecord
{
    /// <summary>Only the serializer sets them.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>Unknown fields do not count: JSON that is read twice makes two equal records.</summary>
    public virtual bool Equals(ExtensibleRecord? other) => EqualityContract == other?.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>They are not part of its text either.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
