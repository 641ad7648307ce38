namespace EdsFunctions.Benchmarks;

/// <summary>A call that a <see cref="CallRun"/> repeats.</summary>
internal interface ICall : IDisposable
{
    /// <param name="number">Different for each call.</param>
    /// <exception cref="InvalidOperationException">The call did not succeed.</exception>
    Task CallAsync(int number);
}
