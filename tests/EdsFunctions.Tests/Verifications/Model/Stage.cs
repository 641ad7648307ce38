namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Runs one operation at a time, all on one thread: until it ends or stops, and while it waits, time passes. So a sequence has
/// one outcome, however busy the machine is.
/// </summary>
internal sealed class Stage : HttpMessageHandler
{
    /// <summary>No operation comes near it; one that waits for something unknown does not hang.</summary>
    private const int MaxWaits = 10_000;

    private readonly List<Func<Task>> late = [];

    public SkewedTime Time { get; } = new();

    public Operation Current { get; private set; } = new();

    public Promises Promises { get; private set; } = new();

    /// <summary>Everything as in the beginning.</summary>
    public void Clear()
    {
        Time.Behind = TimeSpan.Zero;
        Promises = new Promises();
        late.Clear();
    }

    /// <summary>The writes that are late reach the store.</summary>
    public void StoreLate()
    {
        late.ForEach(write => write().GetAwaiter().GetResult());
        late.Clear();
    }

    /// <summary>Begins or resumes an operation and runs it as far as it goes.</summary>
    public void Run(Operation operation, Action go)
    {
        Current = operation;
        go();
        // Almost always it goes on at once: only a wait that is cancelled goes on elsewhere, on a thread of the pool.
        for (var waits = 0; !SpinWait.SpinUntil(() => operation.Task.IsCompleted || operation.IsStopped, millisecondsTimeout: 1); waits++)
        {
            Assert.True(waits < MaxWaits, "The operation has not ended, and waits for no timer.");
            // More than the random part of a second that the client waits between attempts.
            Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>A store call of the running operation.</summary>
    public async Task AroundStoreAsync(string method, Func<Task> call)
    {
        var operation = Current;
        await operation.PassAsync();
        var fault = method == nameof(IVerificationStore.WriteAsync) ? operation.NextFault() : null;
        if (fault == WriteFault.StoredLate)
        {
            late.Add(() => CallAsync(operation, call));
        }

        if (fault is null or WriteFault.Stored)
        {
            await CallAsync(operation, call);
        }

        await operation.PassAsync();
        if (fault is not null)
        {
            throw new IOException("The response of the store was lost.");
        }
    }

    private Task CallAsync(Operation operation, Func<Task> call)
    {
        var task = call();
        // This thread has nothing else to do, and the operation must not leave it.
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task is Task<WriteResult> { IsCompletedSuccessfully: true, Result: WriteResult.Written { Verification: var written } })
        {
            Promises.Written(operation, written);
        }

        return task;
    }

    /// <summary>Alibaba's gateway without a network, at the place where the HTTP client hands a request over.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = Current;
        await operation.PassAsync();
        cancellationToken.ThrowIfCancellationRequested();
        var reply = operation.NextReply();
        if (reply == AlibabaReply.RefuseConnection)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "There is no connection.");
        }

        await request.Content!.CopyToAsync(Stream.Null, CancellationToken.None);
        if (reply is AlibabaReply.Accept or AlibabaReply.CloseAfterWork or AlibabaReply.Malformed)
        {
            Promises.Mailed(operation);
        }

        await operation.PassAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return reply switch
        {
            AlibabaReply.Accept => Response(HttpStatusCode.OK, """{"RequestId":"R-1"}"""),
            AlibabaReply.Malformed => Response(HttpStatusCode.OK, """{"RequestId":"R-"""),
            AlibabaReply.Throttle => Response(HttpStatusCode.BadRequest, Error("Throttling.User")),
            AlibabaReply.ThrottleLong => Response(HttpStatusCode.BadRequest, Error("Throttling.User"), retryAfterMs: "60000"),
            AlibabaReply.Unavailable => Response(HttpStatusCode.ServiceUnavailable, Error("ServiceUnavailable")),
            AlibabaReply.Deny => Response(HttpStatusCode.Forbidden, Error("Forbidden.RAM")),
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection ended."),
        };
    }

    private static string Error(string code) => $$"""{"Code":"{{code}}","RequestId":"R-1"}""";

    private static HttpResponseMessage Response(HttpStatusCode status, string json, string retryAfterMs = "0") =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json"), Headers = { { "x-acs-retry-after", retryAfterMs } } };
}

/// <summary>The clock of all instances.</summary>
internal sealed class SkewedTime() : FakeTimeProvider(VerificationBuilder.Noon)
{
    /// <summary>How far the clock is behind the time.</summary>
    public TimeSpan Behind { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Behind;
}

/// <summary>One operation while it is in progress: where it stops, and what it has done.</summary>
internal sealed class Operation(
    Step? step = null, Stop? stop = null, FailingWrite? fault = null, params AlibabaReply[] replies)
{
    private TaskCompletionSource? standing;
    private int passed;
    private int calls;
    private int writes;

    public Step? Step => step;

    /// <summary>Names the request; null if it has no key.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Whether a write of it threw.</summary>
    public bool HasFailedWrite => writes >= fault?.Number;

    public bool Crashes => stop is { Crashes: true };

    public Task<object> Task { get; set; } = null!;

    public int Mails { get; set; }

    /// <summary>The verification whose send it recorded, and when.</summary>
    public (Guid Id, DateTimeOffset At)? Recorded { get; set; }

    public bool IsStopped => Volatile.Read(ref standing) is not null;

    /// <summary>A point at which it may stop.</summary>
    public Task PassAsync()
    {
        if (++passed == stop?.Number)
        {
            Volatile.Write(ref standing, new TaskCompletionSource());
        }

        return standing?.Task ?? System.Threading.Tasks.Task.CompletedTask;
    }

    /// <summary>Goes on, on this thread, until it waits.</summary>
    public void Resume()
    {
        var resumed = standing!;
        standing = null;
        resumed.SetResult();
    }

    public WriteFault? NextFault() => ++writes == fault?.Number ? fault.Kind : null;

    public AlibabaReply NextReply() => calls < replies.Length ? replies[calls++] : AlibabaReply.Accept;
}
