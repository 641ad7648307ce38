using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Http;

/// <summary>
/// The HTTP side of the verifications: reads and checks what came, asks the service, writes what it says. Every endpoint takes the request
/// alone and gets the rest from it: a worker binds further arguments by name from the query and the body too, so that
/// <c>?cancellationToken=x</c> would be a failure of ours.
/// </summary>
public sealed class VerificationEndpoints(
    VerificationService verifications, IVerificationStore store, TimeProvider time, EndpointGuard guard)
{
    private const int MaxKeyLength = 255;

    /// <summary>Sends a code: POST, body as <see cref="SendRequest"/>, optional header <c>Idempotency-Key</c>.</summary>
    public Task<IResult> SendAsync(HttpRequest request) =>
        guard.RunAsync(Functions.SendVerifyCode, request, async cancellationToken =>
        {
            var body = await RequestBody.ReadAsync(request);
            var errors = new FieldErrors();
            var keyName = ReadKey(request, errors);
            var command = SendRequest.Read(body, errors);
            var key = keyName is null ? null : IdempotencyKey.Of(keyName, command);
            var result = await verifications.SendAsync(command, key, cancellationToken);
            var answer = AnswerTo(result);
            if (key is not null && result is SendResult.Sent)
            {
                await verifications.RememberAnswerAsync(key, answer.ToStored());
            }

            return answer;
        });

    /// <summary>Lists verifications: GET, query as <see cref="ListRequest"/>.</summary>
    public Task<IResult> ListAsync(HttpRequest request) =>
        guard.RunAsync(Functions.ListVerifications, request, async cancellationToken =>
        {
            var query = ListRequest.Read(request.Query, time.GetUtcNow(), new FieldErrors());

            // One more than asked for tells whether there is a next page.
            var found = await store.ListAsync(query with { Limit = query.Limit + 1 }, cancellationToken);
            var page = found.Take(query.Limit).Select(VerificationView.Of).ToArray();
            var view = new VerificationListView(page, found.Count > query.Limit ? page[^1].Id : null);
            return Answer.Json(StatusCodes.Status200OK, view, EdsJson.Default.VerificationListView);
        });

    /// <summary>One verification: GET.</summary>
    public Task<IResult> GetAsync(HttpRequest request) =>
        guard.RunAsync(Functions.GetVerification, request, async cancellationToken =>
            await store.GetAsync(Id(request), cancellationToken) is { } found
                ? Show(StatusCodes.Status200OK, found)
                : Problems.NotFound());

    /// <summary>Someone says that it is done: POST, optional body as <see cref="CloseRequest"/>.</summary>
    public Task<IResult> CompleteAsync(HttpRequest request) =>
        CloseAsync(Functions.CompleteVerification, VerificationState.Completed, request);

    /// <summary>Someone gives it up: POST, optional body as <see cref="CloseRequest"/>.</summary>
    public Task<IResult> CancelAsync(HttpRequest request) =>
        CloseAsync(Functions.CancelVerification, VerificationState.Cancelled, request);

    private Task<IResult> CloseAsync(string function, VerificationState state, HttpRequest request) =>
        guard.RunAsync(function, request, async cancellationToken =>
        {
            var closing = CloseRequest.Read(await RequestBody.ReadAsync(request), new FieldErrors());
            return await verifications.CloseAsync(Id(request), state, closing, key: null, cancellationToken) switch
            {
                CloseResult.Closed closed => Show(StatusCodes.Status200OK, closed.Verification),
                CloseResult.AlreadyClosed closed => Problems.Closed(closed.Verification),
                CloseResult.InProgress inProgress => Problems.InProgress(inProgress.Verification),
                _ => Problems.NotFound(),
            };
        });

    /// <summary>The answer to a request for a code.</summary>
    internal static Answer AnswerTo(SendResult result) => result switch
    {
        SendResult.Sent sent => Sent(sent.Verification),
        SendResult.InProgress inProgress => Problems.InProgress(inProgress.Open),
        SendResult.TooSoon tooSoon => Problems.TooSoon(tooSoon.Open, tooSoon.RetryAfter),
        SendResult.Repeated { Answer: { } stored } => Answer.FromStored(stored),
        SendResult.Repeated repeated => Sent(repeated.Verification).AsReplay(),
        _ => Problems.KeyReused(),
    };

    /// <summary>How the latest send ended, from the record alone: a repeat after a crash has nothing else.</summary>
    private static Answer Sent(Verification verification) => verification switch
    {
        { LastFailure: { } failure } => Problems.NotAccepted(verification, failure),
        { SendCount: 1 } => Show(StatusCodes.Status201Created, verification) with
        {
            Location = $"/{Routes.Prefix}/{Routes.Verifications}/{verification.Id}",
        },
        _ => Show(StatusCodes.Status200OK, verification),
    };

    /// <summary>A verification as it stands.</summary>
    internal static Answer Show(int status, Verification verification) =>
        Answer.Json(status, VerificationView.Of(verification), EdsJson.Default.VerificationView);

    /// <summary>The id in the route, whose constraint has seen to its form.</summary>
    internal static Guid Id(HttpRequest request) => Guid.Parse((string)request.RouteValues["id"]!);

    private static string? ReadKey(HttpRequest request, FieldErrors errors)
    {
        const string Name = "Idempotency-Key";
        var values = request.Headers[Name];
        return errors.Parse(
            Name,
            // Several are as wrong as an empty one.
            values.Count == 0 ? null : values is [{ } one] ? one : "",
            key => key.Length is > 0 and <= MaxKeyLength && key.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? key : null,
            $"must be one text of 1 to {MaxKeyLength} visible ASCII characters");
    }
}

/// <summary>The body of a request to close a verification: optional, with <c>by</c> and <c>note</c>.</summary>
internal static class CloseRequest
{
    /// <exception cref="ProblemException">Something is wrong.</exception>
    public static Closing Read(ReadOnlyMemory<byte> body, FieldErrors errors)
    {
        if (body.IsEmpty)
        {
            return new Closing();
        }

        var fields = JsonFields.Parse(body, "body", ["by", "note"], errors);
        var closing = new Closing(fields.Who("by"), fields.Note("note"));
        errors.ThrowIfAny();
        return closing;
    }
}
