using System.Security.Cryptography;

namespace EdsFunctions.Core.Common;

/// <summary>
/// A string that must not end up in logs or JSON: it has no public property, and <see cref="ToString"/> masks it. Uses
/// of the plain text are easy to find: they call <see cref="Reveal"/> or <see cref="RevealUtf8"/>.
/// </summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly byte[] utf8;

    /// <param name="text">Not empty.</param>
    public Secret(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        utf8 = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The plain text in UTF-8, for use as a key.</summary>
    internal ReadOnlySpan<byte> RevealUtf8() => utf8;

    /// <summary>The plain text, for a header or a parameter.</summary>
    internal string Reveal() => Encoding.UTF8.GetString(utf8);

    /// <summary>Compares in constant time, for secrets of the same length.</summary>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(utf8, other.utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>The same for all secrets: a hash would reveal something of the text.</summary>
    public override int GetHashCode() => 0;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
