namespace EdsFunctions.Benchmarks.Macro;

/// <summary>What a macro run does many times over.</summary>
internal interface IMacroCall : IDisposable
{
    /// <summary>One call, which throws where it does not end as it should.</summary>
    /// <param name="number">Which one; each has its own.</param>
    Task CallAsync(int number);
}
