using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Reads a response of the gateway. The error code decides, the HTTP status only if there is no doubt: throttling comes as 400,
/// and a 5xx may come after the work was done. <c>SignatureNonceUsed</c> is no refusal: the same signed request arrived twice, so that
/// the first one may have been accepted.
/// </summary>
internal static partial class EcdResponseParser
{
    private const int MaxXmlDepth = 16;

    /// <summary>What some gateways write into <c>Code</c> of a response that reports no error.</summary>
    private static readonly string[] SuccessCodes = ["200", "OK", "success"];

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>The fields of a response or an error, from JSON with names in any case, or from XML; the whole of JSON only.</summary>
    private readonly record struct Fields(
        string? Code, string? RequestId, string? AuthAction, bool HasFailed = false, JsonElement Json = default);

    /// <param name="operation">The operation that was called.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The value of <c>x-acs-retry-after</c>, milliseconds.</param>
    /// <param name="body">The whole body.</param>
    public static EcdOutcome<T> Parse<T>(
        EcdOperation<T> operation, int status, string? retryAfter, ReadOnlyMemory<byte> body)
        where T : EcdResponse
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        // XML comes as JSON and the other way round: the first character tells.
        var fields = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..] ? FromXml(body) : FromJson(body);

        if (fields is { Code: { } code, RequestId: var id, AuthAction: var authAction })
        {
            var error = new EcdError(code, status, id, authAction, Milliseconds(retryAfter));
            return status is < 400 or 408 or >= 500 || error.Kind == EcdErrorKind.Unknown
                ? new EcdFailure.Unknown($"Alibaba answered {status} {code}", new EcdError(code, status, id))
                : new EcdFailure.Rejected(error);
        }

        return fields switch
        {
            _ when status >= 500 => new EcdFailure.Unknown($"Alibaba answered {status}"),
            null => new EcdFailure.Unknown($"Alibaba answered {status} with a body that cannot be read"),
            { HasFailed: true } => new EcdFailure.Unknown($"Alibaba answered {status} without success, and without a code"),
            { RequestId: { } requestId, Json: var json } when status == 200 => Accept(operation, requestId, json),
            _ => new EcdFailure.Unknown($"Alibaba answered {status} without a request id"),
        };
    }

    private static EcdOutcome<T> Accept<T>(EcdOperation<T> operation, string requestId, JsonElement json)
        where T : EcdResponse
    {
        try
        {
            if (operation.Read(requestId, json) is { } response)
            {
                return response;
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: as good as no result.
        }

        return new EcdFailure.Unknown($"Alibaba's answer is not one to {operation.Name}");
    }

    private static Fields? FromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            var json = JsonElement.Parse(body.Span);
            return json.ValueKind == JsonValueKind.Object
                ? Checked(json.Text("Success"), json.Text("Code"), json.Text("ErrorCode"), new Fields(
                    null, json.Text("RequestId"), json.Text("AccessDeniedDetail", "AuthAction"), Json: json))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Fields? FromXml(ReadOnlyMemory<byte> body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), settings);
            var document = XDocument.Load(reader);
            return Checked(Text(document, "Success"), Text(document, "Code"), Text(document, "ErrorCode"), new Fields(
                null, Text(document, "RequestId"), Text(document, "AuthAction")));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The first text of an element of that name, in any case.</summary>
    private static string? Text(XDocument document, string name) => document.Descendants()
        .Where(element => element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && !element.HasElements)
        .Where(element => element.Ancestors().Count() <= MaxXmlDepth)
        .Select(element => element.Value.Trim())
        .FirstOrDefault(text => text.Length > 0);

    /// <summary>
    /// What we pass on must look like what it is called; an answer with anything else in these places was not written by the
    /// gateway.
    /// </summary>
    private static Fields? Checked(string? success, string? code, string? errorCode, Fields fields)
    {
        var hasFailed = string.Equals(success, "false", StringComparison.OrdinalIgnoreCase);
        code = string.IsNullOrEmpty(code) || SuccessCodes.Contains(code, StringComparer.OrdinalIgnoreCase) ? errorCode : code;
        return IsName(code) && IsName(fields.RequestId) && IsName(fields.AuthAction)
            ? fields with
            {
                Code = NullIfEmpty(code),
                RequestId = NullIfEmpty(fields.RequestId),
                AuthAction = NullIfEmpty(fields.AuthAction),
                HasFailed = hasFailed,
            }
            : null;
    }

    private static string? NullIfEmpty(string? text) => text is "" ? null : text;

    private static bool IsName(string? text) => text is null or "" || (text.Length <= 128 && NameShape.IsMatch(text));

    private static TimeSpan? Milliseconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._:*-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
