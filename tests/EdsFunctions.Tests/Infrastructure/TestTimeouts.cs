namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A timeout in real time, so that a test that fails does not hang.</summary>
internal static class TestTimeouts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<T> WithTimeoutAsync<T>(this Task<T> task) =>
        task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task WithTimeoutAsync(this Task task) =>
        task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
}
