using EdsFunctions.Tests.Architecture;

namespace EdsFunctions.Tests.Documents;

public sealed class DocumentWordTests
{
    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(document => document.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Texts_OfADocument_ContainNoReplacedPhrases(string name) =>
        Assert.Empty(WordTests.ReplacedPhrase.Matches(MarkdownFile.Read(name).Prose).Select(phrase => phrase.Value));
}
