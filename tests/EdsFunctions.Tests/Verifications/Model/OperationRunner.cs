namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>
/// Runs the operations of a random sequence, one at a time and on one thread. Each operation runs until it completes or
/// is suspended. While an operation waits, the time advances. So a sequence has the same outcome on any machine.
/// </summary>
internal sealed class OperationRunner : HttpMessageHandler
{
    /// <summary>
    /// The maximum number of times that an operation may wait. An operation that waits more often is hanging, and fails
    /// the test.
    /// </summary>
    private const int MaxWaits = 10_000;

    private readonly List<Func<Task>> late = [];

    public SkewedTime Time { get; } = new();

    public Operation Current { get; private set; } = new();

    public Promises Promises { get; private set; } = new();

    /// <summary>Resets the state for the next sequence.</summary>
    public void Clear()
    {
        Time.Behind = TimeSpan.Zero;
        Promises = new Promises();
        late.Clear();
    }

    /// <summary>Stores the writes that were delayed.</summary>
    public void StoreLate()
    {
        late.ForEach(write => write().GetAwaiter().GetResult());
        late.Clear();
    }

    /// <summary>Starts or resumes an operation, until it completes or is suspended.</summary>
    public void Run(Operation operation, Action action)
    {
        Current = operation;
        action();
        bool HasEnded() => operation.Task.IsCompleted || operation.IsSuspended;
        // Wait for operations that continue on a thread of the pool after a cancelled wait. All others have already
        // run.
        for (var waits = 0; !SpinWait.SpinUntil(HasEnded, millisecondsTimeout: 1); waits++)
        {
            Assert.True(waits < MaxWaits, "The operation hangs without waiting for a timer.");
            // Advance by more than the random delay between the attempts of the client for Alibaba.
            Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Makes a call of the store for the current operation.</summary>
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
            throw new IOException("There is no response.");
        }
    }

    private Task CallAsync(Operation operation, Func<Task> call)
    {
        var task = call();
        // Block this thread, because the operation must stay on it.
        ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        if (task is Task<WriteResult>
            {
                IsCompletedSuccessfully: true,
                Result: WriteResult.Written { Verification: var written },
            })
        {
            Promises.Written(operation, written);
        }

        return task;
    }

    /// <summary>Plays Alibaba's gateway, without a network.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
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
            AlibabaReply.ThrottleLong => Response(
                HttpStatusCode.BadRequest, Error("Throttling.User"), retryAfterMs: "60000"),
            AlibabaReply.Unavailable => Response(HttpStatusCode.ServiceUnavailable, Error("ServiceUnavailable")),
            AlibabaReply.Deny => Response(HttpStatusCode.Forbidden, Error("Forbidden.RAM")),
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection ended."),
        };
    }

    private static string Error(string code) => $$"""{"Code":"{{code}}","RequestId":"R-1"}""";

    private static HttpResponseMessage Response(HttpStatusCode status, string json, string retryAfterMs = "0") =>
        new(status)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { { "x-acs-retry-after", retryAfterMs } },
        };
}

/// <summary>The clock of all instances, which a sequence can set back.</summary>
internal sealed class SkewedTime() : FakeTimeProvider(VerificationBuilder.Noon)
{
    /// <summary>How far the clock is behind the time.</summary>
    public TimeSpan Behind { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Behind;
}

/// <summary>An operation of a sequence: where it is suspended, and what it has done.</summary>
internal sealed class Operation(
    Step? step = null, Stop? stop = null, FailingWrite? fault = null, params AlibabaReply[] replies)
{
    private TaskCompletionSource? suspended;
    private int passed;
    private int calls;
    private int writeCount;

    public Step? Step => step;

    /// <summary>The idempotency key; null for none.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Whether a write of this operation threw an exception.</summary>
    public bool HasFailedWrite => writeCount >= fault?.Number;

    public bool Crashes => stop is { Crashes: true };

    public Task<object> Task { get; set; } = null!;

    public int Mails { get; set; }

    /// <summary>The verification whose send the operation recorded, and the time; null if it recorded none.</summary>
    public (Guid Id, DateTimeOffset At)? Recorded { get; set; }

    public bool IsSuspended => Volatile.Read(ref suspended) is not null;

    /// <summary>A point at which the operation may be suspended.</summary>
    public Task PassAsync()
    {
        if (++passed == stop?.Number)
        {
            Volatile.Write(ref suspended, new TaskCompletionSource());
        }

        return suspended?.Task ?? System.Threading.Tasks.Task.CompletedTask;
    }

    /// <summary>Resumes the operation on this thread.</summary>
    public void Resume()
    {
        var resumed = suspended!;
        suspended = null;
        resumed.SetResult();
    }

    public WriteFault? NextFault() => ++writeCount == fault?.Number ? fault.Kind : null;

    public AlibabaReply NextReply() => calls < replies.Length ? replies[calls++] : AlibabaReply.Accept;
}
