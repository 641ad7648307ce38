using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using EdsFunctions.Core.Common;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Parses a response of Alibaba's gateway. The error code in the body decides about the outcome, not the HTTP status:
/// throttling has the status 400, and a 5xx may come after Alibaba has carried out the request. With
/// <c>SignatureNonceUsed</c>, the outcome is unknown: the same request arrived twice, and Alibaba may have accepted the
/// first copy.
/// </summary>
internal static partial class EcdResponseParser
{
    private const int MaxXmlDepth = 16;

    /// <summary>
    /// The fields that every response may have, read from JSON or XML. The names of the fields are case-insensitive.
    /// </summary>
    private readonly record struct Fields(
        string? Code, string? RequestId, string? AuthAction, bool HasFailed = false, JsonElement Json = default);

    /// <param name="operation">The operation that was called.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The value of <c>x-acs-retry-after</c>, in milliseconds; null if there is none.</param>
    /// <param name="body">The whole body.</param>
    public static EcdOutcome<T> Parse<T>(
        EcdOperation<T> operation, int status, string? retryAfter, ReadOnlyMemory<byte> body)
        where T : EcdResponse
    {
        // Remove a byte order mark and white space, because an XML declaration must be at the very start.
        body = body.TrimStart("\uFEFF \t\r\n"u8);

        var fields = ParseFields(body);
        if (fields is { Code: { } code, RequestId: var id, AuthAction: var authAction })
        {
            var error = new EcdError(code, status, id);
            return status is < 400 or 408 or >= 500 || error.Kind == EcdErrorKind.Unknown
                ? new EcdFailure.Unknown($"Alibaba returned {status} {code}", error)
                : new EcdFailure.Rejected(error with
                {
                    MissingAction = error.Kind == EcdErrorKind.Permission ? authAction : null,
                    RetryAfter = Milliseconds(retryAfter),
                });
        }

        return fields switch
        {
            _ when status >= 500 => new EcdFailure.Unknown($"Alibaba returned {status}"),
            null => new EcdFailure.Unknown($"Alibaba returned {status} with a malformed body"),
            { HasFailed: true } =>
                new EcdFailure.Unknown($"Alibaba returned {status} with Success false and no error code"),
            { RequestId: { } requestId, Json: var json } when status == 200 => Accept(operation, requestId, json),
            _ => new EcdFailure.Unknown($"Alibaba returned {status} without a request id"),
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
            // A string in the result contains a lone surrogate, so the result is malformed.
        }

        return new EcdFailure.Unknown($"Alibaba returned 200 without a valid result of {operation.Name}");
    }

    /// <returns>Null if the body is malformed.</returns>
    private static Fields? ParseFields(ReadOnlyMemory<byte> body)
    {
        try
        {
            // The first byte shows whether the body is XML or JSON. The content type in the header can be wrong.
            return body.Span is [(byte)'<', ..] ? FromXml(body) : FromJson(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or XmlException)
        {
            return null;
        }
    }

    private static Fields? FromJson(ReadOnlyMemory<byte> body)
    {
        var json = JsonElement.Parse(body.Span);
        return json.ValueKind == JsonValueKind.Object
            ? Validate(json.Text("Success"), json.Text("Code"), json.Text("ErrorCode"), new Fields(
                null, json.Text("RequestId"), json.String("AccessDeniedDetail", "AuthAction"), Json: json))
            : null;
    }

    private static Fields? FromXml(ReadOnlyMemory<byte> body)
    {
        // Decode the body as UTF-8, because the encoding in its XML declaration can be wrong. By default, the XmlReader
        // prohibits document types.
        using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(body.Span)));
        var document = XDocument.Load(reader);
        return Validate(Text(document, "Success"), Text(document, "Code"), Text(document, "ErrorCode"), new Fields(
            null, Text(document, "RequestId"), Text(document, "AuthAction")));
    }

    /// <summary>The text of the first non-empty XML element with a name; null if there is no such element.</summary>
    private static string? Text(XDocument document, string name) => document.Descendants()
        .Where(element =>
            element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase) && !element.HasElements)
        .Where(element => element.Ancestors().Count() <= MaxXmlDepth)
        .Select(element => element.Value.Trim())
        .FirstOrDefault(text => text.Length > 0);

    /// <summary>
    /// Validates the fields of a response, because logs and metrics contain them. A response with malformed fields does
    /// not come from Alibaba's gateway.
    /// </summary>
    /// <returns>Null if a field is malformed.</returns>
    private static Fields? Validate(string? success, string? code, string? errorCode, Fields fields)
    {
        fields = fields with
        {
            Code = NullIfSuccess(code) ?? NullIfSuccess(errorCode),
            RequestId = NullIfBlank(fields.RequestId),
            AuthAction = NullIfBlank(fields.AuthAction),
            HasFailed = NullIfBlank(success) is { } text && !text.Equals("true", StringComparison.OrdinalIgnoreCase),
        };
        return IsName(fields.Code) && IsName(fields.RequestId) && IsName(fields.AuthAction) ? fields : null;
    }

    /// <summary>Whether a code means success: some responses without an error have a code.</summary>
    private static string? NullIfSuccess(string? code) =>
        code?.ToUpperInvariant() is "200" or "OK" or "SUCCESS" ? null : NullIfBlank(code);

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static bool IsName(string? text) => text is null || (text.Length <= 128 && NameShape.IsMatch(text));

    private static TimeSpan? Milliseconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._:*-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
