using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>Reading what Alibaba answers.</summary>
[MemoryDiagnoser]
public class AnswerBenchmarks
{
    private readonly byte[] accepted = """{"RequestId":"29379236-1C52-404A-88DE-B554F818FA8E"}"""u8.ToArray();

    private readonly byte[] denied =
        """
        {"RequestId":"29379236-1C52-404A-88DE-B554F818FA8E","HostId":"ecd.cn-hangzhou.aliyuncs.com","Code":"Forbidden.RAM","Message":"User not
        authorized","AccessDeniedDetail":{"AuthAction":"ecd:SendVerifyCode","NoPermissionType":"ImplicitDeny"}}
        """u8.ToArray();

    [Benchmark]
    public EcdOutcome Accepted() => EcdAnswer.Read(200, "application/json", null, accepted);

    [Benchmark]
    public EcdOutcome Denied() => EcdAnswer.Read(403, "application/json", null, denied);
}
