using Microsoft.Extensions.Configuration;

namespace BlazorAuth.StandIns;

/// <summary>Options of the stand-ins: who can sign in, which client is known, and which failures can be simulated. The section <c>StandIns</c> sets them too.</summary>
public sealed class StandInOptions
{
    /// <summary>The people on the picker, in order. Default: Ada, Grace and Alan. People in the configuration replace them.</summary>
    public IList<StandInPerson> People { get; } =
    [
        new("ada", "Ada Lovelace", "ada@example.com") { HasPicture = true, HasPublicEmail = true },
        new("grace", "Grace Hopper", "grace@example.com") { HasPicture = true },
        new("alan", "Alan Turing", "alan@example.com"),
    ];

    /// <summary>The failures that the picker offers, in order. Default: all. If it is empty, that part of the page is left out.</summary>
    public IList<StandInFault> Faults { get; } = [.. StandInFault.Rehearsals];

    /// <summary>The ID of the only client that the stand-ins know. Default: <c>stand-in</c>.</summary>
    public string ClientId { get; set; } = "stand-in";

    /// <summary>That client's secret. Default: <c>stand-in-secret</c>; it protects nothing.</summary>
    public string ClientSecret { get; set; } = "stand-in-secret";

    /// <summary>How long an authorization code is valid. Default: one minute.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the token endpoint waits when the failure "slow" is simulated. Default: five seconds.</summary>
    public TimeSpan SlowDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The app's public address, if it differs from the one in requests: a <c>redirect_uri</c> there is accepted too. Default: <c>AUTH_URL</c>.
    /// </summary>
    public Uri? AppAddress { get; set; }

    /// <summary>
    /// The issuer of the OpenID provider for other apps, if they and the browser know it under different names, as in containers. Default: its
    /// address in each request. The app that it runs in does not need it.
    /// </summary>
    public Uri? Issuer { get; set; }

    /// <summary>Whether an OpenID Connect provider is added to the app if it has none with the ID <c>oidc</c>. Default: true.</summary>
    public bool OffersOpenId { get; set; } = true;

    internal static StandInOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("StandIns");
        var options = new StandInOptions();
        if (section.GetSection(nameof(People)).GetChildren().Any())
        {
            options.People.Clear();
        }

        if (section.GetSection(nameof(Faults)).GetChildren().ToList() is { Count: > 0 } faults)
        {
            options.Faults.Clear();
            faults.ForEach(fault => options.Faults.Add(StandInFault.Rehearsals.FirstOrDefault(known => known.Id == fault.Value) ?? throw new InvalidOperationException(
                $"{fault.Path} is not a known failure. Known failures: {string.Join(", ", StandInFault.Rehearsals.Select(known => known.Id))}.")));
        }

        foreach (var person in section.GetSection(nameof(People)).GetChildren())
        {
            options.People.Add(StandInPerson.Read(person));
        }

        options.ClientId = section[nameof(ClientId)] ?? options.ClientId;
        options.ClientSecret = section[nameof(ClientSecret)] ?? options.ClientSecret;
        options.CodeLifetime = section.GetValue(nameof(CodeLifetime), options.CodeLifetime);
        options.SlowDelay = section.GetValue(nameof(SlowDelay), options.SlowDelay);
        options.OffersOpenId = section.GetValue(nameof(OffersOpenId), options.OffersOpenId);
        options.Issuer = section.GetValue<Uri?>(nameof(Issuer));
        options.AppAddress = section.GetValue<Uri?>(nameof(AppAddress))
            ?? (Uri.TryCreate(configuration["AUTH_URL"], UriKind.Absolute, out var address) ? address : null);
        return options;
    }

    internal void Check()
    {
        if (People.GroupBy(person => person.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new InvalidOperationException($"Two of the stand-ins' people have the id '{same.Key}'. Give each person a unique id.");
        }

        if (Issuer is { IsAbsoluteUri: false } || AppAddress is { IsAbsoluteUri: false })
        {
            throw new InvalidOperationException("StandIns:Issuer and StandIns:AppAddress must be absolute addresses, such as http://localhost:5080/stand-ins/oidc.");
        }
    }
}
