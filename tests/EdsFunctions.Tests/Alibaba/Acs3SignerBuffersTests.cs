using System.Buffers;

namespace EdsFunctions.Tests.Alibaba;

/// <summary>What becomes of the memory that a long request is signed in, which the signature itself does not show.</summary>
public sealed class Acs3SignerBuffersTests
{
    private const int Times = 100;

    private static readonly AlibabaCredentials Credentials = new("YourAccessKeyId", "YourAccessKeySecret");

    /// <summary>Outgrows the stack.</summary>
    private static readonly string Value = new('a', 1_000);

    /// <summary>Outgrows the array that the value moved to. No other test has it, so that it can come from here only.</summary>
    private static readonly string Token = string.Concat(Enumerable.Repeat("TokenOfBuffers+", 1_400));

    [Fact]
    public void A_security_token_does_not_stay_in_an_array_that_others_rent()
    {
        Sign();

        // The pool hands this thread the array that it gave back last, of each size.
        for (var size = 2_048; size <= 256 * 1_024; size *= 2)
        {
            var array = ArrayPool<byte>.Shared.Rent(size);
            Assert.True(array.AsSpan().IndexOf("TokenOfBuffers+"u8) < 0, $"{size} bytes hold a token");
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    [Fact]
    public void Signing_a_long_request_gives_back_what_it_rents()
    {
        // A query of 1,000 characters and less than that beside it; the least that it could forget to give back is 4,096.
        Assert.InRange(AllocatedBy(Sign), 1, (2 * Value.Length) + 3_000);
    }

    [Fact]
    public void The_canonical_request_gives_back_what_it_rents() =>
        Assert.InRange(
            AllocatedBy(() => Acs3Signer.CanonicalRequest(Query(), Headers())), 1, (2 * (Value.Length + Token.Length)) + 3_000);

    /// <summary>Alibaba's operations have no parameter twice; were there one, its values would keep their order.</summary>
    [Fact]
    public void Parameters_of_one_name_stay_in_the_order_in_which_they_are_given() => Assert.Equal(
        "A=1&B=1&B=2&B=3",
        Acs3Signer.Sign([new("B", "1"), new("B", "2"), new("A", "1"), new("B", "3")], Headers(), Credentials).Query);

    private static void Sign() => Acs3Signer.Sign(Query(), Headers(), Credentials);

    private static Acs3Parameter[] Query() => [new("Value", Value)];

    private static Acs3Parameter[] Headers() => [new("host", "h"), new("x-acs-security-token", Token)];

    private static long AllocatedBy(Action sign)
    {
        // The first ones fill the pool.
        sign();
        sign();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            sign();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }
}
