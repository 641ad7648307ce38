using System.Collections.Concurrent;

namespace EdsFunctions.Tests.Hostile;

/// <summary>Sends hostile requests over several connections at once, and judges every answer.</summary>
internal sealed class HostileRun(Uri server, HostileRequests requests, int seed)
{
    private const int Workers = 8;
    private const int MaxComplaints = 10;

    private readonly ConcurrentQueue<string> complaints = new();
    private readonly ConcurrentDictionary<(string Kind, int Status), int> answers = new();
    private int next;

    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>How often each kind of request got each status; 0 stands for a connection that was closed instead.</summary>
    public IReadOnlyDictionary<(string Kind, int Status), int> Answers => answers;

    /// <summary>Goes on to the request of a number.</summary>
    public Task GoToAsync(int number, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ =>
            Task.Run(() => WorkAsync(number, cancellationToken), cancellationToken)));

    public string Statistics()
    {
        var text = new StringBuilder();
        foreach (var kind in answers.GroupBy(one => one.Key.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var statuses = kind.OrderBy(one => one.Key.Status).Select(one => $"{one.Value} x {one.Key.Status}");
            text.Append(kind.Key).Append(": ").AppendJoin(", ", statuses).AppendLine();
        }

        return text.ToString();
    }

    private async Task WorkAsync(int end, CancellationToken cancellationToken)
    {
        using var connection = new HostileConnection(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
        while (complaints.Count < MaxComplaints)
        {
            var number = Interlocked.Increment(ref next) - 1;
            if (number >= end)
            {
                // It belongs to whoever goes on from here.
                Interlocked.Decrement(ref next);
                return;
            }

            var request = requests.Make(number);
            try
            {
                Judge(number, request, await connection.AskAsync(request, cancellationToken));
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
            {
                Complain(number, request, e.Message);
            }
        }
    }

    private void Judge(int number, HostileRequest request, IReadOnlyList<HostileAnswer> got)
    {
        if (got.Count == 0 && !request.IsOnItsOwn)
        {
            Complain(number, request, "There was no answer.");
        }

        answers.AddOrUpdate((request.Kind, got.Count == 0 ? 0 : got[0].Status), 1, (_, count) => count + 1);
        foreach (var answer in got)
        {
            if (answer.Complaint(request) is { } complaint)
            {
                Complain(number, request, $"The answer {complaint}: {answer}");
            }
        }
    }

    private void Complain(int number, HostileRequest request, string complaint) =>
        complaints.Enqueue($"{complaint}\nEDS_HOSTILE_SEED={seed}, request number {number}, {request}\n");
}
