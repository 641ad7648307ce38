namespace EdsFunctions.Core.Alibaba;

/// <summary>Parses a value type of this folder; false for a text of any other shape.</summary>
internal delegate bool TryParse<T>(string text, out T value);
