using Microsoft.Extensions.Configuration;

namespace BlazorAuth.StandIns;

/// <summary>What the stand-ins know: who can sign in, which client may ask, and how the faults behave. The section <c>StandIns</c> sets the same.</summary>
public sealed class StandInOptions
{
    /// <summary>The people on the picker, in order. Default: Ada, Grace and Alan. Those of the configuration take their place.</summary>
    public IList<StandInPerson> People { get; } =
    [
        new("ada", "Ada Lovelace", "ada@example.com") { HasPicture = true, HasPublicEmail = true },
        new("grace", "Grace Hopper", "grace@example.com") { HasPicture = true },
        new("alan", "Alan Turing", "alan@example.com"),
    ];

    /// <summary>The failures that the picker offers, in order. Default: all. Without any, that part of the page is left out.</summary>
    public IList<StandInFault> Faults { get; } = [.. StandInFault.Rehearsals];

    /// <summary>The one client each stand-in knows. Default: <c>stand-in</c>.</summary>
    public string ClientId { get; set; } = "stand-in";

    /// <summary>That client's secret. Default: <c>stand-in-secret</c>; it guards nothing.</summary>
    public string ClientSecret { get; set; } = "stand-in-secret";

    /// <summary>How long a code may be exchanged. Default: one minute.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the token endpoint waits for the fault "slow". Default: five seconds.</summary>
    public TimeSpan SlowDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The app's public address when it is not the one requests carry: a <c>redirect_uri</c> there is accepted too. Default: <c>AUTH_URL</c>.
    /// </summary>
    public Uri? AppAddress { get; set; }

    /// <summary>
    /// The issuer that the OpenID provider tells other apps, when they and the browser know it under different names, as in containers. Default: its
    /// address as each request has it. The app it runs in always knows it under one name.
    /// </summary>
    public Uri? Issuer { get; set; }

    /// <summary>Whether an OpenID Connect provider is added to the app when it has none with the id <c>oidc</c>. Default: true.</summary>
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
                $"{fault.Path} names no failure. There are {string.Join(", ", StandInFault.Rehearsals.Select(known => known.Id))}.")));
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
            throw new InvalidOperationException($"Two of the stand-ins' people have the id '{same.Key}'. Give each an id of their own.");
        }

        if (Issuer is { IsAbsoluteUri: false } || AppAddress is { IsAbsoluteUri: false })
        {
            throw new InvalidOperationException("StandIns:Issuer and StandIns:AppAddress must be whole addresses, such as http://localhost:5080/stand-ins/oidc.");
        }
    }
}
