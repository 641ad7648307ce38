using System.Reflection;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using EdsFunctions.DevHost;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace EdsFunctions.Tests.Architecture;

/// <summary>Checks the dependencies between the folders of EdsFunctions.Core.</summary>
public sealed class LayerTests
{
    private const string Root = "EdsFunctions.Core";

    /// <summary>
    /// The layers, from the top down. A folder may refer only to folders in the layers below its own.
    /// </summary>
    internal static readonly string[][] Layers =
    [
        ["Hosting"],
        ["Api", "Maintenance", "Platforms"],
        ["ChatOps", "Notifications"],
        ["Messages", "Signatures"],
        ["Verifications"],
        ["Alibaba"],
        ["Common", "Telemetry"],
    ];

    private static readonly ArchUnitNET.Domain.Architecture Core =
        new ArchLoader().LoadAssembly(typeof(StartUp).Assembly).Build();

    public static TheoryData<string> Folders => [.. Layers.SelectMany(layer => layer)];

    [Fact]
    public void Layers_Core_ContainEachFolder() => Assert.Equal(
        Layers.SelectMany(layer => layer).Order(),
        typeof(StartUp).Assembly.GetTypes()
            .Select(type => type.Namespace ?? "")
            .Where(name => name.StartsWith($"{Root}.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[2])
            .Distinct()
            .Order());

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_Dependencies_AreInLowerLayers(string folder)
    {
        var others = Layers
            .TakeWhile((_, i) => i == 0 || !Layers[i - 1].Contains(folder))
            .SelectMany(layer => layer)
            .Where(other => other != folder);

        Types().That().ResideInNamespaceMatching($@"^{Root}\.{folder}(\.|$)").Should().NotDependOnAny(
            Types().That().ResideInNamespaceMatching($@"^{Root}(\.({string.Join('|', others)})(\..*)?)?$")).Check(Core);
    }

    [Fact]
    public void Folders_Dependencies_HaveNoCycles() =>
        SliceRuleDefinition.Slices().Matching($"{Root}.(*)").Should().BeFreeOfCycles().Check(Core);

    [Theory]
    [InlineData(@"Azure\.Data\.Tables")]
    [InlineData(@"Microsoft\.Data\.Sqlite")]
    public void StoreClients_OutsideOfTheStores_AreNotReferredTo(string client) =>
        Types().That().ResideInNamespaceMatching($@"^{Root}\.(?!Hosting|Verifications\.Storage)").Should()
            .NotDependOnAny(Types(includeReferenced: true).That().ResideInNamespaceMatching($"^{client}")).Check(Core);

    [Fact]
    public void LogMessages_EventIds_AreUnique()
    {
        const BindingFlags Any =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var ids = new[] { typeof(StartUp), typeof(DevHostApp), typeof(EcdSimulator.SimulatorServer) }
            .SelectMany(type => type.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Any | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToArray();

        Assert.InRange(ids.Length, 20, int.MaxValue);
        Assert.Equal(ids.Distinct().Order(), ids.Order());
    }
}
