using System.Buffers;
using System.Security.Cryptography;

namespace EdsFunctions.Core.Webhooks;

/// <summary>Holds a message against signatures: in a time that does not tell where they differ, and without a trace of what was expected.</summary>
internal static class HmacSha256
{
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>Whether one of the keys signs the message with one of the candidates.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="prefix">What is signed before the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="candidates">Signatures, one behind the other, of <see cref="Size"/> bytes each.</param>
    public static bool AnyMatches(SigningKeys keys, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, ReadOnlySpan<byte> candidates)
    {
        if (prefix.IsEmpty)
        {
            return AnyMatches(keys, body, candidates);
        }

        // The one-shot hash allocates nothing, and takes its message in one piece.
        var rented = ArrayPool<byte>.Shared.Rent(prefix.Length + body.Length);
        try
        {
            prefix.CopyTo(rented);
            body.CopyTo(rented.AsSpan(prefix.Length));
            return AnyMatches(keys, rented.AsSpan(0, prefix.Length + body.Length), candidates);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Whether a key signs a message with a candidate.</summary>
    public static bool Matches(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> candidates)
    {
        Span<byte> mac = stackalloc byte[Size];
        HMACSHA256.HashData(key, message, mac);
        var matches = false;
        for (; candidates.Length >= Size; candidates = candidates[Size..])
        {
            matches |= CryptographicOperations.FixedTimeEquals(mac, candidates[..Size]);
        }

        return matches;
    }

    private static bool AnyMatches(SigningKeys keys, ReadOnlySpan<byte> message, ReadOnlySpan<byte> candidates)
    {
        var matches = false;
        foreach (var key in keys.All)
        {
            matches |= Matches(key, message, candidates);
        }

        return matches;
    }
}
