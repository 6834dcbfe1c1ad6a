using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace BlazorAuth.StandIns;

/// <summary>A person to sign in as. Each provider's user ID is derived from <paramref name="Id"/>, so it never changes.</summary>
/// <param name="Id">Letters, digits, <c>-</c> and <c>_</c>; the subject at the OpenID Connect stand-in.</param>
/// <param name="Name">Their full name.</param>
/// <param name="Email">Their e-mail address.</param>
public sealed record StandInPerson(string Id, string Name, string Email)
{
    /// <summary>Whether Google and the OpenID provider have a picture. GitHub always has one.</summary>
    public bool HasPicture { get; init; }

    /// <summary>Whether GitHub's <c>/user</c> shows the e-mail; if not, it is only in <c>/user/emails</c>.</summary>
    public bool HasPublicEmail { get; init; }

    /// <summary>What the OpenID and OAuth providers send in the claim <c>roles</c>. Default: none.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    internal string GivenName => Name.Split(' ', 2)[0];

    internal string? FamilyName => Name.Split(' ', 2) is [_, var rest] ? rest : null;

    /// <summary>Google's shape: 21 digits.</summary>
    internal string GoogleId =>
        "1" + (Number("google") % BigInteger.Pow(10, 20)).ToString("D20", CultureInfo.InvariantCulture);

    internal long GitHubId => 1_000_000 + (long)(Number("github") % 200_000_000);

    internal string GitHubLogin => new(Email.Split('@')[0].Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').ToArray());

    internal string Initials => string.Concat(Name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(word => word[0]));

    /// <summary>The same e-mail is the same person again. <see langword="null"/> when a part is missing or is no name or e-mail.</summary>
    internal static StandInPerson? SomeoneElse(string? name, string? email)
    {
        name = name?.Trim() ?? "";
        email = email?.Trim() ?? "";
        var at = email.IndexOf('@', StringComparison.Ordinal);
        if (name.Length is 0 or > 100 || email.Length > 254 || at < 1 || at == email.Length - 1 ||
            name.Any(char.IsControl) || email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
        {
            return null;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant()));
        return new StandInPerson("someone-" + Convert.ToHexStringLower(hash.AsSpan(0, 6)), name, email);
    }

    internal static StandInPerson Read(IConfigurationSection section)
    {
        string Part(string name) => section[name] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{section.Path}:{name} is missing. Each of the stand-ins' people needs Id, Name and Email.");
        var id = Part(nameof(Id));
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new InvalidOperationException($"{section.Path}:{nameof(Id)} may only contain letters, digits, '-' and '_'.");
        }

        return new StandInPerson(id, Part(nameof(Name)), Part(nameof(Email)))
        {
            HasPicture = section.GetValue(nameof(HasPicture), false),
            HasPublicEmail = section.GetValue(nameof(HasPublicEmail), false),
            Roles = section.GetSection(nameof(Roles)).Get<string[]>() ?? [],
        };
    }

    private BigInteger Number(string provider) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(provider + "\n" + Id)), isUnsigned: true);
}
