using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Documents;

/// <summary>A Markdown file of the repository.</summary>
/// <param name="Name">The path from the root of the repository, with slashes.</param>
/// <param name="Text">The content of the file.</param>
internal sealed partial record MarkdownFile(string Name, string Text)
{
    private static readonly string[] GeneratedFolders =
        ["bin", "obj", "node_modules", "publish", "BenchmarkDotNet.Artifacts", "StrykerOutput", "TestResults"];

    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(name => !name.Split('/').Any(part => part.StartsWith('.') || GeneratedFolders.Contains(part)))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>The targets of links and images in the file that are not addresses on the web.</summary>
    public IEnumerable<string> LocalLinks => Link.Matches(WithoutFences)
        .Select(link => link.Groups[1].Value)
        .Where(target => !WebAddress.IsMatch(target));

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Heading.Matches(WithoutFences)
        .Select(heading => LinkText.Replace(heading.Groups[1].Value, "$1").ToLowerInvariant())
        .Select(heading => NotInAnchor.Replace(heading, "").Replace(' ', '-'))
        .GroupBy(anchor => anchor, StringComparer.Ordinal)
        .SelectMany(same => same.Select((anchor, i) => i == 0 ? anchor : $"{anchor}-{i}"));

    /// <summary>The fenced blocks of commands, in order.</summary>
    public IEnumerable<CommandBlock> CommandBlocks => Fence.Matches(Text)
        .Where(fence => fence.Groups["language"].Value
            is "bash" or "sh" or "shell" or "console" or "powershell" or "pwsh")
        .Select(fence => new CommandBlock(
            Needs.IsMatch(Text[..fence.Index].TrimEnd().Split("\n\n")[^1]), fence.Groups["text"].Value));

    /// <summary>The text of the file in one line, without the targets of links.</summary>
    public string Prose => WhiteSpace.Replace(Link.Replace(Text, "]("), " ");

    private string WithoutFences => Fence.Replace(Text, "");

    public static MarkdownFile Read(string name) => new(name, File.ReadAllText(Repository.Path(name)));

    public override string ToString() => Name;

    [GeneratedRegex(
        @"^ *```(?<language>\w*)[^\n]*\n(?<text>.*?)^ *```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"(?:\bThe\s+commands?\s+needs?\s.+|需要.+)[.:。：]$", RegexOptions.Singleline)]
    private static partial Regex Needs { get; }

    [GeneratedRegex("""(?:\]\(|\b(?:src|href)=")([^)"\s]+)""")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex WebAddress { get; }

    [GeneratedRegex("^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading { get; }

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText { get; }

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}_\- ]")]
    private static partial Regex NotInAnchor { get; }
}

/// <summary>A fenced block of commands.</summary>
/// <param name="HasNeeds">
/// Whether the paragraph before the block ends with the account or the tool that the block needs, such as "The commands
/// need an Azure subscription."
/// </param>
/// <param name="Text">The commands.</param>
internal sealed record CommandBlock(bool HasNeeds, string Text);
