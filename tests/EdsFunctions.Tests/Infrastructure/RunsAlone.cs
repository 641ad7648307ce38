namespace EdsFunctions.Tests.Infrastructure;

/// <summary>The collection of tests that measure the process, and so want it for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "Runs alone";
}
