using System.Globalization;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// Measures the signature of a <c>SendVerifyCode</c> request. The baseline is the two hashes of the signature alone.
/// </summary>
[MemoryDiagnoser]
public class SigningBenchmarks
{
    private readonly AlibabaCredentials credentials = new("LTAI5tBenchmarkAccessKey", "BenchmarkAccessKeySecret000000");
    private readonly CenTarget target = new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));
    private readonly byte[] canonicalRequest = new byte[560];
    private readonly byte[] stringToSign = new byte[81];
    private readonly byte[] secret = new byte[30];

    [Benchmark(Baseline = true)]
    public int Hashes()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonicalRequest, hash);
        HMACSHA256.HashData(secret, stringToSign, hash);
        return hash[0];
    }

    /// <summary>Measures the signature alone.</summary>
    [Benchmark]
    public Acs3Signature Sign()
    {
        Acs3Parameter[] query =
        [
            new("ExtraInfo", """{"cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}"""),
            new("RegionId", "cn-hangzhou"),
            new("VerifyCodeAction", SendVerifyCode.VerifyCodeAction),
        ];
        return Acs3Signer.Sign(query, Headers("2026-11-24T04:40:45Z", "8b1c4f0e2a6d4b7f9c3e5a1d2f4b6c8e"), credentials);
    }

    /// <summary>
    /// Measures what each attempt does: it creates the parameters, the date and the nonce, and signs them.
    /// </summary>
    [Benchmark]
    public Acs3Signature BuildAndSign() => Acs3Signer.Sign(
        new SendVerifyCode(target).CreateParameters(),
        Headers(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Guid.NewGuid().ToString("N")),
        credentials);

    private static Acs3Parameter[] Headers(string date, string nonce) =>
    [
        new("host", "ecd.cn-hangzhou.aliyuncs.com"),
        new("x-acs-action", "SendVerifyCode"),
        new("x-acs-content-sha256", Acs3Signer.EmptyBodySha256),
        new("x-acs-date", date),
        new("x-acs-signature-nonce", nonce),
        new("x-acs-version", "2020-09-30"),
    ];
}
