using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// The HTTP side of the verifications: reads and checks what came, asks the service, writes what it says. Every endpoint takes the request
/// alone and gets the rest from it: a worker binds further arguments by name from the query and the body too, so that
/// <c>?cancellationToken=x</c> would be a failure of ours.
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
    /// <summary>Precedes every route; the Functions host has it from host.json, where it is the default.</summary>
    public const string RoutePrefix = "api";

    /// <summary>Sends a code.</summary>
    public Task<IResult> SendVerifyCode(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var name = CallerKey.Read(request, errors);
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
            var name = CallerKey.Read(request, errors);
            var (by, note) = ResendRequest.Read(body, errors);
            var id = Id(request);
            var key = name is null ? null : IdempotencyKey.Create(name, nameof(ResendVerifyCode), id.ToString(), by, note);
            return await ToResponseAsync(await resend.RunAsync(new(id, by, note), key, cancellationToken), key);
        });

    /// <summary>Lists verifications.</summary>
    public Task<IResult> ListVerifications(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            var query = ListRequest.Read(request.Query, store.UtcNow, new FieldErrors());

            // One more than asked for tells whether there is a next page.
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
            var name = CallerKey.Read(request, errors);
            var (by, note) = CloseRequest.Read(body, errors);
            var id = Id(request);
            var key = name is null ? null : IdempotencyKey.Create(name, function, id.ToString(), by, note);
            var result = await close.RunAsync(new(id, state, by, note), key, cancellationToken);
            var answer = result switch
            {
                CloseVerification.Result.Closed closed => Show(StatusCodes.Status200OK, closed.Verification),
                CloseVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
                CloseVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Verification),
                CloseVerification.Result.Repeated { Repeat: var repeat } =>
                    ToResponse(repeat, one => Show(StatusCodes.Status200OK, one)),
                _ => Problems.NotFound(),
            };
            return result is CloseVerification.Result.Closed ? await SaveForRepeatsAsync(answer, key) : answer;
        }, function);

    /// <summary>The answer to a request for a code, kept for its repeats unless they are to try again.</summary>
    private async Task<EndpointResult> ToResponseAsync(SendVerification.Result result, IdempotencyKey? key) =>
        result is SendVerification.Result.Sent { Verification.LastFailure: not { MayPass: true } }
            ? await SaveForRepeatsAsync(ToResponse(result), key)
            : ToResponse(result);

    private async Task<EndpointResult> SaveForRepeatsAsync(EndpointResult answer, IdempotencyKey? key)
    {
        if (key is not null)
        {
            await repeats.SaveResponseAsync(key, answer.ToStored());
        }

        return answer;
    }

    /// <summary>The answer to a request for a code.</summary>
    internal static EndpointResult ToResponse(SendVerification.Result result) => result switch
    {
        SendVerification.Result.Sent sent => Sent(sent.Verification),
        SendVerification.Result.AlreadyOpen open => EndpointResult.Json(
            StatusCodes.Status200OK,
            VerificationView.Create(open.Open) with { Sent = false, Resend = open.Open.IsOpen ? $"{Link(open.Open)}/resend" : null },
            EdsJson.Default.VerificationView),
        SendVerification.Result.InProgress inProgress => Problems.InProgress(inProgress.Open),
        SendVerification.Result.TooSoon tooSoon => Problems.TooSoon(tooSoon.Verification, tooSoon.RetryAfter),
        SendVerification.Result.OwnerLimit limit => Problems.OwnerLimit(limit.RetryAfter),
        SendVerification.Result.NotFound => Problems.NotFound(),
        SendVerification.Result.AlreadyClosed closed => Problems.Closed(closed.Verification),
        SendVerification.Result.Repeated { Response: { } stored } => EndpointResult.FromStored(stored),
        SendVerification.Result.Repeated repeated => Sent(repeated.Verification).AsReplay(),
        _ => Problems.KeyReused(),
    };

    /// <summary>The answer to a repeat, from the record if the first answer is not known.</summary>
    internal static EndpointResult ToResponse(Repeat repeat, Func<Verification, EndpointResult> answer) => repeat switch
    {
        { KeyReused: true } => Problems.KeyReused(),
        { Response: { } stored } => EndpointResult.FromStored(stored),
        { Verification: { } verification } => answer(verification).AsReplay(),
        _ => Problems.NotFound(),
    };

    /// <summary>How the latest send ended, from the record alone: a repeat after a crash has nothing else.</summary>
    private static EndpointResult Sent(Verification verification) => verification switch
    {
        { LastFailure: { } failure } => Problems.NotAccepted(verification, failure),
        { SendCount: 1 } => ShowSent(StatusCodes.Status201Created, verification) with { Location = Link(verification) },
        _ => ShowSent(StatusCodes.Status200OK, verification),
    };

    private static string Link(Verification verification) => $"/{RoutePrefix}/verifications/{verification.Id}";

    private static EndpointResult ShowSent(int status, Verification verification) =>
        EndpointResult.Json(status, VerificationView.Create(verification) with { Sent = true }, EdsJson.Default.VerificationView);

    /// <summary>A verification as it stands.</summary>
    internal static EndpointResult Show(int status, Verification verification) =>
        EndpointResult.Json(status, VerificationView.Create(verification), EdsJson.Default.VerificationView);

    /// <summary>The id in the route, whose constraint has seen to its form.</summary>
    internal static Guid Id(HttpRequest request) => Guid.Parse((string)request.RouteValues["id"]!);
}

/// <summary>The header <c>Idempotency-Key</c>, as in the draft of the IETF.</summary>
internal static class CallerKey
{
    private const string Name = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <summary>
    /// Reads the key. Keys are the caller's own: a hash of the function key that the caller presented is part of the result, so that
    /// the equal key of a stranger gets no response of somebody else.
    /// </summary>
    /// <returns>Null if there is none, or if it is malformed, which is then one of the errors.</returns>
    public static string? Read(HttpRequest request, FieldErrors errors)
    {
        var values = request.Headers[Name];
        var caller = request.Headers["x-functions-key"] is [{ Length: > 0 } header] ? header : request.Query["code"].ToString();
        return errors.Parse(
            Name,
            // Several are as wrong as an empty one.
            values.Count == 0 ? null : values is [{ } one] ? one : "",
            key => key.Length is > 0 and <= MaxLength && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
                ? $"http {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller)))} {key}"
                : null,
            $"must be one text of 1 to {MaxLength} visible ASCII characters");
    }
}

/// <summary>A request to resend a code; what is left out stays as it is.</summary>
/// <param name="RequestedBy">Who asks; included in reports.</param>
/// <param name="Note">What it is for; included in reports.</param>
public sealed record ResendRequest(
    [property: StringLength(JsonFields.MaxWho, MinimumLength = 1)] string? RequestedBy,
    [property: StringLength(JsonFields.MaxNote, MinimumLength = 1)] string? Note)
{
    /// <exception cref="ProblemException">Something is wrong.</exception>
    internal static ResendRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var known = JsonFields.GetNames(typeof(ResendRequest));
        var fields = JsonFields.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, "body", known, errors);
        var read = new ResendRequest(fields.Who("requestedBy"), fields.Note("note"));
        errors.ThrowIfAny();
        return read;
    }
}

/// <summary>A request to close a verification.</summary>
/// <param name="By">Who closes it.</param>
/// <param name="Note">Why.</param>
public sealed record CloseRequest(
    [property: StringLength(JsonFields.MaxWho, MinimumLength = 1)] string? By,
    [property: StringLength(JsonFields.MaxNote, MinimumLength = 1)] string? Note)
{
    /// <exception cref="ProblemException">Something is wrong.</exception>
    internal static CloseRequest Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        var known = JsonFields.GetNames(typeof(CloseRequest));
        var fields = JsonFields.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, "body", known, errors);
        var read = new CloseRequest(fields.Who("by"), fields.Note("note"));
        errors.ThrowIfAny();
        return read;
    }
}
