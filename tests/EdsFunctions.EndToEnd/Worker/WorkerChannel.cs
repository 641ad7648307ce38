using System.Collections.Concurrent;
using System.Threading.Channels;
using EdsFunctions.Tests.EndToEnd.Protocol;
using Grpc.Core;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// The host's side of the gRPC protocol between the Functions host and a worker: one stream, with an ID for each
/// request.
/// </summary>
internal sealed class WorkerChannel : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> pending = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the worker has connected.</summary>
    public Task Started => started.Task;

    /// <summary>Called for each log message of the worker.</summary>
    public required Action<string> Log { get; init; }

    public void Send(StreamingMessage message) => outgoing.Writer.TryWrite(message);

    /// <summary>Sends a request and returns its response.</summary>
    public Task<StreamingMessage> RequestAsync(StreamingMessage message)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var response = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[message.RequestId] = response;
        Send(message);
        return response.Task;
    }

    /// <summary>Fails pending requests after the worker has exited.</summary>
    public void Fail(string reason)
    {
        var failure = new InvalidOperationException(reason);
        started.TrySetException(failure);
        foreach (var response in pending.Values)
        {
            response.TrySetException(failure);
        }
    }

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        var sending = SendAllAsync(responseStream, context.CancellationToken);
        await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
        {
            switch (message.ContentCase)
            {
                case StreamingMessage.ContentOneofCase.StartStream:
                    started.TrySetResult();
                    break;
                case StreamingMessage.ContentOneofCase.RpcLog:
                    Log($"{message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
                    break;
                default:
                    if (pending.TryRemove(message.RequestId, out var response))
                    {
                        response.TrySetResult(message);
                    }

                    break;
            }
        }

        await sending;
    }

    private async Task SendAllAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellationToken)
    {
        await foreach (var message in outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await stream.WriteAsync(message, cancellationToken);
        }
    }
}
