using System.Security.Cryptography;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A text that must not be seen: it has no public property to serialize and its <see cref="ToString"/> tells nothing.
/// Whoever needs the text asks for it by name, so that every use can be found.
/// </summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly byte[] utf8;

    /// <param name="text">The secret text; not empty.</param>
    public Secret(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        utf8 = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The text as UTF-8, for use as a key.</summary>
    internal ReadOnlySpan<byte> RevealUtf8() => utf8;

    /// <summary>The text, for a header that has to carry it.</summary>
    internal string Reveal() => Encoding.UTF8.GetString(utf8);

    /// <summary>Compares in a time that does not depend on where two secrets of one length differ.</summary>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(utf8, other.utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>The same for all secrets: a hash would tell something of the text.</summary>
    public override int GetHashCode() => 0;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
