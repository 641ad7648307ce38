using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The HTTP endpoints of verifications. Every endpoint has the request as its only parameter. The Functions worker
/// would bind another parameter by its name from the query: <c>?cancellationToken=x</c> would cause an exception.
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
    /// <summary>The prefix of every route. The file host.json contains the same prefix.</summary>
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
            var id = ReadId(request);
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

            // Read one item more than the limit, to find out whether there is a next page.
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
            await store.GetAsync(ReadId(request), cancellationToken) is { } found
                ? VerificationResponses.Show(StatusCodes.Status200OK, found)
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
            var id = ReadId(request);
            var key = name is null ? null : IdempotencyKey.Create(name, function, id.ToString(), by, note);
            var result = await close.RunAsync(new(id, state, by, note), key, cancellationToken);
            var response = result switch
            {
                CloseVerification.Result.Closed closed =>
                    VerificationResponses.Show(StatusCodes.Status200OK, closed.Verification),
                CloseVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
                CloseVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Verification),
                CloseVerification.Result.Repeated { Repeat: var repeat } =>
                    VerificationResponses.Create(
                        repeat, verification => VerificationResponses.Show(StatusCodes.Status200OK, verification)),
                _ => Problems.NotFound(),
            };
            return result is CloseVerification.Result.Closed ? await SaveForRepeatsAsync(response, key) : response;
        }, function);

    /// <summary>
    /// Saves the response under the idempotency key, so that a repeat gets the same response. Does not save the
    /// response if the app processes a repeat like a new request.
    /// </summary>
    private async Task<EndpointResult> ToResponseAsync(SendVerification.Result result, IdempotencyKey? key) =>
        result is SendVerification.Result.Sent { Verification.LastFailure: not { MayPass: true } }
            ? await SaveForRepeatsAsync(VerificationResponses.Create(result), key)
            : VerificationResponses.Create(result);

    private async Task<EndpointResult> SaveForRepeatsAsync(EndpointResult response, IdempotencyKey? key)
    {
        if (key is not null)
        {
            await repeats.SaveResponseAsync(key, response.ToStored());
        }

        return response;
    }

    /// <summary>The id of the verification in the route. The route only matches a GUID.</summary>
    internal static Guid ReadId(HttpRequest request) => Guid.Parse((string)request.RouteValues["id"]!);
}

/// <summary>A request to resend a code. If a field is left out, the verification keeps its value.</summary>
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
/// <param name="By">The person or program that closes the verification.</param>
/// <param name="Note">The reason for closing the verification.</param>
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
