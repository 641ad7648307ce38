using System.Runtime.CompilerServices;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// Initializes all static fields before the first test. Stryker tests many mutants in one process: a field that was
/// initialized while one of them was active would keep its effect, and fail tests of the others.
/// </summary>
internal static class StaticInitialization
{
    [ModuleInitializer]
    public static void Run()
    {
        foreach (var type in new[] { typeof(Verification).Assembly, typeof(StaticInitialization).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).Where(type => !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        // The serializer keeps the converter.
        JsonSerializer.Serialize(VerificationState.Sending);
    }
}
