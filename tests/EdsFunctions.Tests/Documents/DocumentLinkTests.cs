namespace EdsFunctions.Tests.Documents;

public sealed class DocumentLinkTests
{
    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(document => document.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Link_ToAFileOrAHeading_LeadsToIt(string name)
    {
        var document = MarkdownFile.Read(name);

        Assert.All(document.LocalLinks, link =>
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = path is ""
                ? Repository.Path(name)
                : Path.GetFullPath(Path.Combine(Repository.Path(name), "..", path));
            Assert.True(Path.Exists(target), $"{name}: {link} does not exist.");
            if (anchor is not null && target.EndsWith(".md", StringComparison.Ordinal))
            {
                Assert.True(
                    MarkdownFile.Read(Path.GetRelativePath(Repository.Root, target)).Anchors.Contains(anchor),
                    $"{name}: {link} names no heading.");
            }
        });
    }
}
