namespace EdsFunctions.Core.Verifications;

/// <summary>Processes items one after the other. If one fails, the others are still processed.</summary>
internal static class EachItem
{
    /// <exception cref="AggregateException">Some items failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the last item.</exception>
    public static async Task RunAsync<T>(
        IEnumerable<T> items, Func<T, Task> action, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await action(item);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }
}
