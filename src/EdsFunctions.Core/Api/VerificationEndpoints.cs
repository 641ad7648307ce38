using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;
using Microsoft.Extensions.Primitives;

namespace EdsFunctions.Core.Api;

/// <summary>
/// HTTP endpoints of the verifications. Every endpoint has the request as its only parameter: the worker binds other
/// parameters by name from the query and the body, so <c>?cancellationToken=x</c> would cause an exception.
/// </summary>
public sealed class VerificationEndpoints(
    SendVerification send,
    ResendVerification resend,
    CloseVerification close,
    RepeatedRequests repeats,
    IVerificationStore store,
    Regions regions,
    ExceptionFilter filter)
{
    /// <summary>The prefix of every route; host.json has the same.</summary>
    public const string RoutePrefix = "api";

    /// <summary>Sends a code for a <see cref="SendRequest"/>, which may be the data of a CloudEvent.</summary>
    public Task<IResult> SendVerifyCode(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = CloudEventBody.Read(request, await RequestBody.ReadAsync(request));
            var errors = new FieldErrors();
            var name = IdempotencyKeyHeader.Read(request, errors);
            var sendRequest = SendRequest.Read(body, regions, errors);
            var key = name is null ? null : IdempotencyKey.Create(name, sendRequest);
            return await ToResponseAsync(await send.RunAsync(sendRequest, key, cancellationToken), key);
        });

    /// <summary>Resends the code of an open verification.</summary>
    public Task<IResult> ResendVerifyCode(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var name = IdempotencyKeyHeader.Read(request, errors);
            var (by, note) = ResendRequest.Read(body, errors);
            var id = Id(request);
            var key = name is null
                ? null
                : IdempotencyKey.Create(name, nameof(ResendVerifyCode), id.ToString(), by, note);
            return await ToResponseAsync(await resend.RunAsync(new(id, by, note), key, cancellationToken), key);
        });

    /// <summary>Lists verifications.</summary>
    public Task<IResult> ListVerifications(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var query = ListRequest.Read(request.Query, store.UtcNow, new FieldErrors());

            // One more than the limit shows whether there is a next page.
            var found = await store.ListAsync(query with { Limit = query.Limit + 1 }, cancellationToken);
            var page = found.Take(query.Limit).ToArray();
            var view = new VerificationListView(
                [.. page.Select(stored => stored.Verification).OfType<Verification>().Select(VerificationView.Create)],
                [.. page.Where(stored => stored.Verification is null).Select(stored => stored.Id)],
                found.Count > query.Limit ? page[^1].Id : null);
            return EndpointResult.Json(StatusCodes.Status200OK, view, EdsJson.Default.VerificationListView);
        });

    /// <summary>Gets a verification.</summary>
    public Task<IResult> GetVerification(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
            await store.GetAsync(Id(request), cancellationToken) is { } found
                ? Show(StatusCodes.Status200OK, found)
                : Problems.NotFound());

    /// <summary>Closes a verification as completed.</summary>
    public Task<IResult> CompleteVerification(HttpRequest request) =>
        CloseAsync(VerificationState.Completed, request);

    /// <summary>Closes a verification as cancelled.</summary>
    public Task<IResult> CancelVerification(HttpRequest request) =>
        CloseAsync(VerificationState.Cancelled, request);

    private Task<IResult> CloseAsync(
        VerificationState state, HttpRequest request, [CallerMemberName] string function = "") =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var name = IdempotencyKeyHeader.Read(request, errors);
            var (by, note) = CloseRequest.Read(body, errors);
            var id = Id(request);
            var key = name is null ? null : IdempotencyKey.Create(name, function, id.ToString(), by, note);
            var result = await close.RunAsync(new(id, state, by, note), key, cancellationToken);
            var response = result switch
            {
                CloseVerification.Result.Closed closed => Show(StatusCodes.Status200OK, closed.Verification),
                CloseVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
                CloseVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Verification),
                CloseVerification.Result.Repeated { Repeat: var repeat } =>
                    ToResponse(repeat, verification => Show(StatusCodes.Status200OK, verification)),
                _ => Problems.NotFound(),
            };
            return result is CloseVerification.Result.Closed ? await SaveForRepeatsAsync(response, key) : response;
        }, function);

    /// <summary>Saves the response for repeats of the request, unless a repeat is tried again.</summary>
    private async Task<EndpointResult> ToResponseAsync(SendVerification.Result result, IdempotencyKey? key) =>
        result is SendVerification.Result.Sent { Verification.LastFailure: not { MayPass: true } }
            ? await SaveForRepeatsAsync(ToResponse(result), key)
            : ToResponse(result);

    private async Task<EndpointResult> SaveForRepeatsAsync(EndpointResult response, IdempotencyKey? key)
    {
        if (key is not null)
        {
            await repeats.SaveResponseAsync(key, response.ToStored());
        }

        return response;
    }

    internal static EndpointResult ToResponse(SendVerification.Result result) => result switch
    {
        SendVerification.Result.Sent sent => Sent(sent.Verification),
        SendVerification.Result.AlreadyOpen { IsRepeat: true } repeated => AlreadyOpen(repeated.Open).AsReplay(),
        SendVerification.Result.AlreadyOpen open => AlreadyOpen(open.Open),
        SendVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Open),
        SendVerification.Result.TooSoon tooSoon => Problems.TooSoon(tooSoon.Verification, tooSoon.RetryAfter),
        SendVerification.Result.OwnerLimit limit => Problems.OwnerLimit(limit.RetryAfter),
        SendVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
        SendVerification.Result.Repeated { Repeat: var repeat } => ToResponse(repeat, Sent),
        _ => Problems.NotFound(),
    };

    /// <summary>The response to a repeat, created from the record if the first response was not stored.</summary>
    internal static EndpointResult ToResponse(Repeat repeat, Func<Verification, EndpointResult> create) => repeat switch
    {
        { KeyReused: true } => Problems.KeyReused(),
        { Response: { } stored } => EndpointResult.FromStored(stored),
        { Verification: { } verification } => create(verification).AsReplay(),
        _ => Problems.NotFound(),
    };

    /// <summary>Depends only on the record, which is all that a repeat after a crash has.</summary>
    private static EndpointResult Sent(Verification verification) => verification switch
    {
        { LastFailure: { } failure } => Problems.SendFailed(verification, failure),
        { SendCount: 1 } =>
            ShowSent(StatusCodes.Status201Created, verification) with { Location = GetPath(verification) },
        _ => ShowSent(StatusCodes.Status200OK, verification),
    };

    private static EndpointResult AlreadyOpen(Verification verification) => EndpointResult.Json(
        StatusCodes.Status200OK,
        VerificationView.Create(verification) with
        {
            Sent = false,
            Resend = verification.IsOpen ? $"{GetPath(verification)}/resend" : null,
        },
        EdsJson.Default.VerificationView);

    private static string GetPath(Verification verification) => $"/{RoutePrefix}/verifications/{verification.Id}";

    private static EndpointResult ShowSent(int status, Verification verification) => EndpointResult.Json(
        status,
        VerificationView.Create(verification) with { Sent = true },
        EdsJson.Default.VerificationView);

    internal static EndpointResult Show(int status, Verification verification) =>
        EndpointResult.Json(status, VerificationView.Create(verification), EdsJson.Default.VerificationView);

    /// <summary>The id in the route; its constraint ensures that it is a GUID.</summary>
    internal static Guid Id(HttpRequest request) => Guid.Parse((string)request.RouteValues["id"]!);
}

/// <summary>
/// The header <c>Idempotency-Key</c>, as in draft-ietf-httpapi-idempotency-key-header, or the query parameter
/// <c>idempotencyKey</c>, for callers that can set no header.
/// </summary>
internal static class IdempotencyKeyHeader
{
    public const string Name = "Idempotency-Key";
    public const string QueryName = "idempotencyKey";

    private const int MaxLength = 255;

    /// <summary>
    /// Reads the key. The result contains a hash of the function key, so that equal keys of two callers differ.
    /// </summary>
    /// <returns>Null if there is none, or if it is malformed; then there is an error.</returns>
    public static string? Read(HttpRequest request, FieldErrors errors)
    {
        var inHeader = Read(Name, request.Headers[Name], errors);
        var inQuery = Read(QueryName, request.Query[QueryName], errors);
        if (inHeader is not null && inQuery is not null && inHeader != inQuery)
        {
            errors.Add(QueryName, $"must be equal to the header {Name}");
        }

        var functionKey = request.Headers["x-functions-key"] is [{ Length: > 0 } header]
            ? header
            : request.Query["code"].ToString();
        return (inHeader ?? inQuery) is { } key
            ? $"http {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(functionKey)))} {key}"
            : null;
    }

    private static string? Read(string name, StringValues values, FieldErrors errors) =>
        errors.Parse(
            name,
            // Several values are as invalid as an empty one.
            values.Count == 0 ? null : values is [{ } single] ? single : "",
            key => key.Length is > 0 and <= MaxLength && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
                ? key
                : null,
            $"must be a single value of 1 to {MaxLength} visible ASCII characters");
}

/// <summary>A request to resend a code; fields that are left out stay unchanged.</summary>
/// <param name="RequestedBy">The person or program that requests it; included in reports.</param>
/// <param name="Note">The purpose; included in reports.</param>
public sealed record ResendRequest(
    [property: StringLength(JsonFields.MaxActor)] string? RequestedBy,
    [property: StringLength(JsonFields.MaxNote)] string? Note)
{
    /// <exception cref="ProblemException">The request is invalid.</exception>
    internal static ResendRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var known = JsonFields.GetNames(typeof(ResendRequest));
        var fields = JsonFields.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, "body", known, errors);
        var read = new ResendRequest(fields.Actor("requestedBy"), fields.Note("note"));
        errors.ThrowIfAny();
        return read;
    }
}

/// <summary>A request to close a verification.</summary>
/// <param name="By">The person or program that closes it.</param>
/// <param name="Note">The reason.</param>
public sealed record CloseRequest(
    [property: StringLength(JsonFields.MaxActor)] string? By,
    [property: StringLength(JsonFields.MaxNote)] string? Note)
{
    /// <exception cref="ProblemException">The request is invalid.</exception>
    internal static CloseRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var known = JsonFields.GetNames(typeof(CloseRequest));
        var fields = JsonFields.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, "body", known, errors);
        var read = new CloseRequest(fields.Actor("by"), fields.Note("note"));
        errors.ThrowIfAny();
        return read;
    }
}
