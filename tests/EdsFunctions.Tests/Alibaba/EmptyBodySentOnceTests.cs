namespace EdsFunctions.Tests.Alibaba;

public sealed class EmptyBodySentOnceTests
{
    [Fact]
    public async Task It_has_not_left_before_it_was_asked_for_and_leaves_once()
    {
        using var body = new EmptyBodySentOnce();
        Assert.Equal(0, body.Headers.ContentLength);
        Assert.False(body.MayHaveLeft);

        await body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        Assert.True(body.MayHaveLeft);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        Assert.True(body.MayHaveLeft);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_it()
    {
        using var body = new EmptyBodySentOnce();
        var left = 0;

        await Parallel.ForAsync(0, 100, TestContext.Current.CancellationToken, async (_, cancellationToken) =>
        {
            try
            {
                await body.CopyToAsync(Stream.Null, cancellationToken);
                Interlocked.Increment(ref left);
            }
            catch (InvalidOperationException)
            {
                // As it should.
            }
        });

        Assert.Equal(1, left);
    }
}
