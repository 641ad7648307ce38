using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Webhooks;
using Microsoft.AspNetCore.Http;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>A delivery with a body of 2 KB, rightly signed. The floor is one HMAC of it.</summary>
[MemoryDiagnoser]
public class VerifierBenchmarks
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly byte[] secret = Encoding.UTF8.GetBytes(Secret);
    private readonly byte[] body = Encoding.UTF8.GetBytes(new string('x', 2048));
    private readonly SigningKeys text = SigningKeys.OfText([Secret]);
    private readonly SigningKeys base64 = SigningKeys.OfBase64([Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))]);
    private readonly HeaderDictionary slack = [];
    private readonly HeaderDictionary teams = [];
    private readonly HeaderDictionary gitHub = [];
    private readonly HeaderDictionary standard = [];

    [GlobalSetup]
    public void Sign()
    {
        var time = Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        slack["X-Slack-Request-Timestamp"] = time;
        slack["X-Slack-Signature"] = "v0=" + Convert.ToHexStringLower(Mac($"v0:{time}:"));
        teams["Authorization"] = "HMAC " + Convert.ToBase64String(Mac(""));
        gitHub["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(Mac(""));
        gitHub["X-GitHub-Delivery"] = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
        standard["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        standard["webhook-timestamp"] = time;
        standard["webhook-signature"] = "v1," + Convert.ToBase64String(Mac($"msg_p5jXN8AQM9LWM0D4loKWxJek.{time}."));
        foreach (var check in new[] { Slack(), Teams(), GitHub(), StandardWebhooks() })
        {
            if (check != SignatureCheck.Valid)
            {
                throw new InvalidOperationException($"What is measured is not a valid delivery: {check}.");
            }
        }
    }

    [Benchmark(Baseline = true)]
    public int Floor()
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, mac);
        return mac[0];
    }

    [Benchmark]
    public SignatureCheck Slack() => SignatureSchemes.Slack.Verify(text, slack, body, Now);

    [Benchmark]
    public SignatureCheck Teams() => SignatureSchemes.Teams.Verify(base64, teams, body, Now);

    [Benchmark]
    public SignatureCheck GitHub() => SignatureSchemes.GitHub.Verify(text, gitHub, body, Now);

    [Benchmark]
    public SignatureCheck StandardWebhooks() => SignatureSchemes.StandardWebhooks.Verify(base64, standard, body, Now);

    private byte[] Mac(string prefix) => HMACSHA256.HashData(secret, (byte[])[.. Encoding.UTF8.GetBytes(prefix), .. body]);
}
