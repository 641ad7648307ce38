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
}
