using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Http;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>Reading what callers send, and writing and reading what is kept.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private static readonly SendCommand Command = new(
        new CenTarget("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456)), "alice", "for the office in Hangzhou");

    private readonly byte[] shortForm =
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456,"requestedBy":"alice"}"""u8.ToArray();

    private readonly byte[] alibabaForm =
        """
        {"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification",
         "ExtraInfo":"{\"cenOwnerId\":1234567890123456,\"cenId\":\"cen-3weq30r6t0s7t4abcd\"}"}
        """u8.ToArray();

    private readonly Verification verification = Verification.Begin(Command, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly string document = VerificationJson.Write(
        Verification.Begin(Command, new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)));

    [Benchmark]
    public object ReadShortForm() => SendRequest.Read(shortForm, new FieldErrors());

    [Benchmark]
    public object ReadAlibabaForm() => SendRequest.Read(alibabaForm, new FieldErrors());

    [Benchmark]
    public Acs3Parameter[] BuildParameters() => EcdParameters.SendVerifyCode(verification.Target);

    [Benchmark]
    public string WriteDocument() => VerificationJson.Write(verification);

    [Benchmark]
    public object ReadDocument() => VerificationJson.Read(document, "1");
}
