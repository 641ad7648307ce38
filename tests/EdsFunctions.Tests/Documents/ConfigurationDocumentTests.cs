using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdsFunctions.Tests.Documents;

/// <summary>
/// The tables in <c>docs/configuration.md</c> are those that are generated from the options classes and their doc
/// comments.
/// </summary>
public sealed partial class ConfigurationDocumentTests
{
    private static readonly string Document = Repository.Path("docs", "configuration.md");

    /// <summary>
    /// The tables by their name in the document. Each has options classes, with their section and their default values.
    /// </summary>
    private static readonly Dictionary<string, (string Section, object Defaults)[]> Tables = new()
    {
        ["KeyVault"] = [(KeyVaultOptions.Section, new KeyVaultOptions())],
        ["Alibaba"] = [(AlibabaOptions.Section, new AlibabaOptions())],
        ["Verifications"] = [(VerificationOptions.Section, new VerificationOptions())],
        ["StaleReport"] = [(StaleReportOptions.Section, new StaleReportOptions())],
        ["Reconcile"] = [(ReconcileOptions.Section, new ReconcileOptions())],
        ["ChatOps"] =
        [
            (ChatOpsOptions.Section, new ChatOpsOptions()),
            ($"{ChatOpsOptions.Section}:<platform>", new ChatPlatformOptions()),
            ($"{ChatOpsOptions.Section}:{FeishuPlatform.PlatformName}", new FeishuAppOptions()),
        ],
        ["Webhooks"] = [($"{WebhookSender.Section}:<sender>", new WebhookSecrets())],
        ["Simulator"] = [("Simulator", new SimulatorOptions())],
    };

    /// <summary>
    /// With the environment variable <c>EDS_UPDATE_CONFIGURATION=1</c>, the test writes the document instead.
    /// </summary>
    [Fact]
    public async Task Copy_ComparedWithTheOptions_IsUpToDate()
    {
        var copy = await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken);
        var generated = Table.Replace(copy, table =>
            $"<!-- settings: {table.Groups[1].Value} -->\n\n{Render(table.Groups[1].Value)}\n<!-- end -->");

        if (Environment.GetEnvironmentVariable("EDS_UPDATE_CONFIGURATION") == "1")
        {
            await File.WriteAllTextAsync(Document, generated, TestContext.Current.CancellationToken);
            copy = generated;
        }

        Assert.Equal(Tables.Keys, Table.Matches(copy).Select(table => table.Groups[1].Value));
        Assert.True(
            generated == copy,
            "docs/configuration.md is out of date: run the tests once with EDS_UPDATE_CONFIGURATION=1.");
    }

    [Fact]
    public void Options_OfTheApp_AreInATable() => Assert.Equal(
        new[] { typeof(AlibabaOptions), typeof(SimulatorOptions) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) || type == typeof(WebhookSecrets))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal),
        Tables.Values.SelectMany(options => options)
            .SelectMany(options => NestedOptions(options.Defaults.GetType()))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal));

    private static IEnumerable<Type> NestedOptions(Type type) =>
        [type, .. Settings(type).Select(setting => ItemType(setting.PropertyType)).OfType<Type>().Where(IsOptions)];

    private static string Render(string table) => string.Concat(
    [
        "| key | value | default | meaning |\n|---|---|---|---|\n",
        .. Tables[table].SelectMany(options => Rows(options.Section, options.Defaults)),
    ]);

    private static IEnumerable<string> Rows(string section, object defaults) =>
        Settings(defaults.GetType()).SelectMany(setting =>
        {
            var key = Key(section, setting);
            return ItemType(setting.PropertyType) is { } item
                ? IsOptions(item)
                    ? Rows(
                        $"{key}:{(IsNamed(setting.PropertyType) ? "<name>" : "<n>")}", Activator.CreateInstance(item)!)
                    : [Row($"{key}:<n>", Shape(item, setting), null, setting)]
                : [Row(key, Shape(setting.PropertyType, setting), Default(setting.GetValue(defaults)), setting)];
        });

    /// <summary>
    /// Writes the row of a setting. If the code computes the default, only the doc comment names the default.
    /// </summary>
    private static string Row(string key, string shape, string? initial, PropertyInfo setting)
    {
        var comment = Comment(setting);
        var named = DefaultSentence.Match(comment);
        return $"| `{key}` | {shape} | {initial ?? (named.Success ? named.Groups[1].Value : "none")} " +
            $"| {DefaultSentence.Replace(comment, "").Trim()} |\n";
    }

    private static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is not null || ItemType(property.PropertyType) is not null);

    private static string Key(string section, PropertyInfo setting) => setting switch
    {
        { Name: nameof(StaleReportOptions.Schedule), DeclaringType: var type }
            when type == typeof(StaleReportOptions) => StaleReportOptions.ScheduleSetting,
        { DeclaringType: var type } when type == typeof(WebhookSecrets) => $"{section}{setting.Name}",
        _ => $"{section}:{setting.Name}",
    };

    /// <summary>The type of the items of a list or a dictionary; null for any other type.</summary>
    private static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() != typeof(Nullable<>)
            ? type.GenericTypeArguments[^1]
            : null;

    private static bool IsNamed(Type collection) => collection.GenericTypeArguments.Length == 2;

    private static bool IsOptions(Type type) => type.IsClass && type != typeof(string);

    private static string Shape(Type type, PropertyInfo setting)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        var shape = value == typeof(TimeSpan) ? "duration"
            : value == typeof(int) ? "integer"
            : value == typeof(bool) ? "`true` or `false`"
            : value == typeof(Uri) ? "URL"
            : value.IsEnum ? string.Join(" or ", Enum.GetNames(value).Select(name => $"`{name}`"))
            : "string";
        return setting.GetCustomAttribute<RangeAttribute>() is { } range
            ? $"{shape}, `{range.Minimum}` to `{range.Maximum}`"
            : shape;
    }

    private static string? Default(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "`true`" : "`false`",
        _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
    };

    /// <summary>The doc comment of a property or, if it has none, of its class, as Markdown.</summary>
    private static string Comment(PropertyInfo setting)
    {
        var type = setting.DeclaringType!;
        var comments = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"))
            .Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary"));
        var summary = comments.GetValueOrDefault($"P:{type.FullName}.{setting.Name}")
            ?? comments.GetValueOrDefault($"T:{type.FullName}");
        Assert.True(summary is not null, $"{type.Name}.{setting.Name} has no doc comment.");
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => $"`{see.Attributes().First().Value.Split('.')[^1]}`",
            XElement code => $"`{code.Value}`",
            _ => ((XText)node).Value,
        }));
        return WhiteSpace.Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex("<!-- settings: (\\w+) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Table { get; }

    /// <summary>
    /// Matches the sentence with the default. A period ends the sentence only before a space, because a default may
    /// contain a period.
    /// </summary>
    [GeneratedRegex(@" ?\bDefault: (.+?)\.(?= |$)")]
    private static partial Regex DefaultSentence { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
