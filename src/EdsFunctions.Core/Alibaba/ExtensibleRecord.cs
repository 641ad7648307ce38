namespace EdsFunctions.Core.Alibaba;

/// <summary>A stored record, or a part of one, that preserves unknown fields of a newer version of the app.</summary>
public abstract record ExtensibleRecord
{
    /// <summary>Set by the serializer only.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <summary>Ignores unknown fields: <see cref="JsonElement"/> has no value equality.</summary>
    public virtual bool Equals(ExtensibleRecord? other) => EqualityContract == other?.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>Omits unknown fields, which may hold secrets.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
