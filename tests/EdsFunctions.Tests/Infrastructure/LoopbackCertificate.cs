using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A self-signed certificate for <c>localhost</c>, which no client trusts.</summary>
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

        // Import the key, because TLS on some platforms does not support a key that exists in memory only.
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
    }
}
