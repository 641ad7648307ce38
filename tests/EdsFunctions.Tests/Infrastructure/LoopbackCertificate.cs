using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A certificate for <c>localhost</c> that the tests make themselves, and that nobody else trusts.</summary>
internal static class LoopbackCertificate
{
    public static X509Certificate2 Certificate { get; } = Create();

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var ephemeral = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Where the platform's TLS does not take a key that is only in memory, it takes one that was imported.
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
    }
}
