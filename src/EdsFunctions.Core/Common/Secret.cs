using System.Security.Cryptography;

namespace EdsFunctions.Core.Common;

/// <summary>
/// A string that must not appear in logs or JSON. The type has no public property, and <see cref="ToString"/> masks the
/// string. Code that needs the plain text is easy to find: it calls <see cref="Reveal"/> or <see cref="RevealUtf8"/>.
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

    /// <summary>Returns the plain text in UTF-8, for use as a key.</summary>
    internal ReadOnlySpan<byte> RevealUtf8() => utf8;

    /// <summary>Returns the plain text, for a header or a parameter.</summary>
    internal string Reveal() => Encoding.UTF8.GetString(utf8);

    /// <summary>Compares two secrets. For secrets of the same length, the time does not depend on their text.</summary>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(utf8, other.utf8);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <summary>
    /// Returns the same hash code for all secrets, because any other hash code would reveal something of the text.
    /// </summary>
    public override int GetHashCode() => 0;

    /// <summary>Always returns <c>***</c>.</summary>
    public override string ToString() => "***";
}
