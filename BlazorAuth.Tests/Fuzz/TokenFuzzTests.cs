using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Fuzz;

/// <summary>What reads tokens, rows and announcements, fed with whatever may come.</summary>
public sealed class TokenFuzzTests
{
    private const string Salt = AuthApp.SessionCookie;

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionKeyRing Keys = new([AuthApp.Secret, "another secret of the tests, long enough"]);
    private static readonly SessionToken Tokens = new(Keys);

    private static readonly string[] ClaimNames =
    [
        "sub", "name", "email", "email_verified", "picture", "roles", "iat", "exp", "nbf", "jti", "blazorauth.sid", "blazorauth.ver", "blazorauth.provider",
        "blazorauth.signed_in_at", "blazorauth.auth_at", "blazorauth.store", "blazorauth.issued_at", "blazorauth.adopted",
    ];

    [Fact]
    public void NoTextIsATokenUnlessItWasWrittenUnderASecret()
    {
        var ours = Tokens.Write(Claims(), Salt, Now, Now.AddHours(1));
        var foreign = new SessionToken(new SessionKeyRing(["a secret that is nobody's here, long enough"])).Write(Claims(), Salt, Now, Now.AddHours(1));
        var other = Tokens.Write(Claims(), "another-cookie", Now, Now.AddHours(1));
        var content = Tokens.Read(ours, Salt, Now).Claims.GetRawText();
        string[] parts = ours.Split('.');
        Fuzzing.Check(
            Fuzzing.Any(
                ours, foreign, other, ".", "..", "....", parts[0], parts[2], parts[3], parts[4], $"{parts[0]}..{parts[2]}.", Encode("{\"alg\":\"none\"}"), Encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}"),
                Encode("{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}"), Encode("{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"typ\":7}"), Encode("[]"), "_", "="),
            text =>
            {
                var (reading, old) = (Tokens.Read(text, Salt, Now), Tokens.ReadV4(text, Now));
                return (text == ours) == (reading.Succeeded && reading.Claims.GetRawText() == content) && (text == ours || !reading.Succeeded) && !old.Succeeded;
            });
    }

    // Well encrypted, by an Auth.js that shares the secret, and with whatever its app put in.
    [Fact]
    public void NoClaimsBreakTheirReaders()
    {
        var options = Options.Create(new AuthOptions());
        var lifetimes = new SessionLifetimes(options, new SharedClock(new FakeTimeProvider(Now)));
        var second = Now.ToUnixTimeSeconds();
        Fuzzing.Check(
            Fuzzing.Json(ClaimNames, "\"ada\"", $"{second}", $"{second + 3600}", $"{second - 90}", "1", "\"store.7\"", "[\"admin\"]", "\"s1\""),
            json =>
            {
                var reading = SessionTokenReading.Of(json, Now, isOfFirstSecret: true, isCurrent: true);
                if (!reading.Succeeded || SessionTicket.FromToken(JsonObject.Create(reading.Claims)!) is not { } ticket)
                {
                    return true;
                }

                var read = lifetimes.Shortened(ticket);
                var identity = new SessionIdentity(read);
                var again = SessionTicket.FromToken(JsonObject.Create(SessionTokenReading.Of(Written(read), Now, isOfFirstSecret: true, isCurrent: true).Claims)!);
                return identity.Session.Id.Length > 0 && read.Json.Length > 0 && read.ExpiresAt <= ticket.ExpiresAt && read.ExpiresAt <= read.IssuedAt + options.Value.Session.IdleLifetime
                    && again is not null && (again.Id, again.UserId, again.Version) == (read.Id, read.UserId, read.Version) && JsonEquality.AreSame(again.Claims, read.Claims);
            });
    }

    [Fact]
    public void NoTextIsAHandleAMarkOrAnAnnouncementUnlessItIsOne()
    {
        var handover = new SessionHandover(Tokens, new SharedClock(new FakeTimeProvider(Now)));
        var handle = handover.Write(TestTicket.Of("ada", Now), "circuit", "browser");
        Fuzzing.Check(
            Fuzzing.Any(handle, "store.7", "store", ".", "7", "r 1 0 0 id", "u 2 1767268800000 1767268800000 id", "p 1 0 0 1767268800000 new id", " ", "p ", "-62135596800001", "253402300799999", "r", "p"),
            text =>
            {
                var (mark, change) = (StoreMark.Parse(text), SessionSignalText.Parse(text));
                return (text == handle) == handover.Read(text, "circuit", "browser") is not null
                    && handover.Read(text, "another", "browser") is null && handover.Read(text, "circuit", "another") is null
                    && (mark is null || StoreMark.Parse(mark.ToString()) == mark)
                    && (change is not { } heard || (heard.SessionId.Length > 0 && (heard.ReplacedBy is null) == (heard.EndsAt is null) && !(heard.Revoked && heard.ReplacedBy is not null)));
            });
    }

    // Whoever can write to the database writes rows.
    [Fact]
    public void NoRowIsOpenedUnlessItWasSealedForItsSession()
    {
        var seal = new SessionSeal([AuthApp.Secret]);
        SessionRecord Row(string content, string id = "s1") => new()
        {
            Id = id, UserId = "ada", Provider = "google", Content = content, CreatedAt = Now, LastSeenAt = Now, ExpiresAt = Now.AddDays(1),
        };

        string Sealed(string id, SessionSeal by) => by.Seal(new RowContent("google", "4711", Now, new JsonObject { ["roles"] = "admin" }), id, "ada", 1);
        var ours = Sealed("s1", seal);
        Fuzzing.Check(
            Fuzzing.Any(ours, Sealed("s2", seal), Sealed("s1", new SessionSeal(["another secret of the tests, long enough"])), "{}", "{\"claims\":{}}", "AAAA", "=", ours[..20], ours[20..]),
            // Base64 may hold spaces and line ends: they are not part of it.
            text => (string.Concat(text.Where(c => c is not (' ' or '\t' or '\r' or '\n'))) == ours) == seal.Open(Row(text), out _) is not null && seal.Open(Row(text) with { UserId = "eve" }, out _) is null);
    }

    private static JsonObject Claims() => TestTicket.Of("ada", Now).ToToken();

    private static string Written(SessionTicket ticket)
    {
        var token = ticket.ToToken();
        (token["iat"], token["exp"]) = (Now.ToUnixTimeSeconds(), Now.AddHours(1).ToUnixTimeSeconds());
        return token.ToJsonString();
    }

    private static string Encode(string header) => Convert.ToBase64String(Encoding.UTF8.GetBytes(header)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
