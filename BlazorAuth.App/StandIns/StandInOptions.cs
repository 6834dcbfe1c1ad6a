namespace BlazorAuth.App.StandIns;

/// <summary>What the stand-ins know: who can sign in, which client may ask, and how the faults behave.</summary>
internal sealed class StandInOptions
{
    /// <summary>The people on the picker, in order. Default: Ada, Grace and Alan.</summary>
    public IList<StandInPerson> People { get; } =
    [
        new("ada", "Ada Lovelace", "ada@example.com") { HasPicture = true, HasPublicEmail = true },
        new("grace", "Grace Hopper", "grace@example.com") { HasPicture = true },
        new("alan", "Alan Turing", "alan@example.com"),
    ];

    /// <summary>The one client each stand-in knows. Default: <c>stand-in</c>.</summary>
    public string ClientId { get; set; } = "stand-in";

    /// <summary>That client's secret. Default: <c>stand-in-secret</c>; it guards nothing.</summary>
    public string ClientSecret { get; set; } = "stand-in-secret";

    /// <summary>How long a code may be exchanged. Default: one minute.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the token endpoint waits for the fault "slow". Default: five seconds.</summary>
    public TimeSpan SlowDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The app's public address when it is not the one requests carry (<c>AUTH_URL</c>): a <c>redirect_uri</c> there is accepted too.
    /// Default: none.
    /// </summary>
    public Uri? AppAddress { get; set; }

    /// <summary>
    /// The issuer of the OpenID provider. Default: its address as the request has it, right for a stand-in with one address of its own.
    /// Inside an app the same provider is reached under several names, so <see cref="StandInExtensions.AddStandIns"/> sets a fixed one.
    /// </summary>
    public Uri? Issuer { get; set; }
}
