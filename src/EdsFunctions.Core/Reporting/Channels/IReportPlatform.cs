namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>One kind of channel: how a notice is written for it, and how its answer is read.</summary>
internal interface IReportPlatform
{
    ReportChannelKind Kind { get; }

    /// <summary>The longest body that it takes.</summary>
    int MaxBytes { get; }

    /// <summary>The body of the request.</summary>
    byte[] Write(ReportNotice notice, DateTimeOffset now);

    /// <summary>The request, signed where the signature is not in the body.</summary>
    HttpRequestMessage Request(byte[] body, DateTimeOffset now);

    /// <summary>Why the platform did not take the notice, in no words of its own; null where it did.</summary>
    /// <param name="body">The beginning of its answer to a request that HTTP calls successful.</param>
    string? Refusal(ReadOnlySpan<byte> body);
}
