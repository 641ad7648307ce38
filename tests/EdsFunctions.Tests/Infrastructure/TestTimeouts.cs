namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// A limit, in real time, on what a test waits for: no test that passes comes near it, and one that fails does not hang.
/// </summary>
internal static class TestTimeouts
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<T> SoonAsync<T>(this Task<T> task) =>
        task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task SoonAsync(this Task task) =>
        task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);
}
