using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;
using Microsoft.Extensions.Options;

namespace EdsFunctions.Core.Verifications;

/// <summary>Configuration section <c>Verifications</c>: where they are kept and for how long.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verifications";

    /// <summary>
    /// How much longer than a call may take a send stands as under way, before it is given up for lost: room for a slow store and
    /// for clocks of two machines that differ.
    /// </summary>
    private static readonly TimeSpan OrphanMargin = TimeSpan.FromMinutes(1);

    /// <summary>Which store.</summary>
    [EnumDataType(typeof(StoreKind))]
    public StoreKind Store { get; set; } = StoreKind.Sqlite;

    /// <summary>The database file, relative to the content root.</summary>
    [Required]
    public string SqlitePath { get; set; } = ".data/verifications.db";

    /// <summary>How long after a send the next one for the same target is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResendCooldown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a verification may wait before it is given up.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(7);

    internal SendRules Rules(AlibabaOptions alibaba) => new(ResendCooldown, alibaba.Budget + OrphanMargin);
}

/// <summary>Where verifications are kept.</summary>
public enum StoreKind
{
    /// <summary>A file of this machine.</summary>
    Sqlite,
}

/// <summary>Checks <see cref="VerificationOptions"/> at start-up.</summary>
[OptionsValidator]
internal sealed partial class VerificationOptionsValidator : IValidateOptions<VerificationOptions>;
