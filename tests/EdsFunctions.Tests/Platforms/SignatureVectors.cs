namespace EdsFunctions.Tests.Platforms;

/// <summary>Published signatures of report channels, from Vectors/signatures.json.</summary>
internal static class SignatureVectors
{
    public static TheoryData<string, string, string> Load(string section)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "signatures.json"));
        using var document = JsonDocument.Parse(file);
        var vectors = new TheoryData<string, string, string>();
        foreach (var vector in document.RootElement.GetProperty(section).EnumerateArray())
        {
            string Value(string name) => vector.GetProperty(name).GetString()!;
            vectors.Add(Value("secret"), Value("timestamp"), Value("sign"));
        }

        return vectors;
    }
}
