using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Flows;

namespace BlazorAuth.Tests.Providers;

/// <summary>Who a person is, by each provider's answer. The ids are kept forever: these values may never change.</summary>
public sealed class IdentityTests
{
    [Theory]
    [InlineData("google", "https://accounts.google.com", "jYXH93tlwulFATLQoxolWR")]
    [InlineData("github", "https://github.com", "-qHOSl8CVVWjnBOC2MXp4r")]
    [InlineData("work", "https://id.example", "jRdRj-0ct48pYJqHhgwZRd")]
    [InlineData("acme", "acme", "Xq91eM5ZcuN1Nl1BPAh1Qs")]
    public async Task APersonsIdIsPinned(string provider, string issuer, string pinned)
    {
        var user = await SignInAsync(provider, new FakeProvider());
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(issuer + "\n42")))[..22], user.Id);
        Assert.Equal(pinned, user.Id);
        Assert.Equal(user.Id, (await SignInAsync(provider, new FakeProvider())).Id);
    }

    [Fact]
    public async Task AnEnterpriseServersPersonIsAnother()
    {
        var fake = new FakeProvider();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Providers = builder => builder.AddGitHub(options =>
            {
                fake.UseFor(options);
                options.EnterpriseDomain = "github.corp.example";
            });
        });
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync("github")).Location!, ("iss", "https://github.corp.example/login/oauth"));
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(callback)).Text);
        var id = Base64Url.EncodeToString(SHA256.HashData("https://github.corp.example\n42"u8))[..22];
        Assert.Single(await app.Sessions.ListAsync(id, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("google", "true", "ada@example.com", true)]
    [InlineData("google", "false", null, false)]
    [InlineData("google", null, "ada@example.com", false)]
    [InlineData("work", "true", "ada@example.com", true)]
    [InlineData("work", "false", null, false)]
    [InlineData("work", null, "ada@example.com", false)]
    [InlineData("acme", "true", "ada@example.com", true)]
    [InlineData("acme", "false", null, false)]
    [InlineData("acme", null, "ada@example.com", false)]
    public async Task AnAddressCountsAsFarAsTheProviderVouchesForIt(string provider, string? verified, string? email, bool isVerified)
    {
        var fake = new FakeProvider();
        fake.User.Remove("email_verified");
        if (verified is not null)
        {
            fake.User["email_verified"] = bool.Parse(verified);
        }

        var user = await SignInAsync(provider, fake);
        Assert.Equal((email, isVerified), (user.Email, user.EmailVerified));
    }

    [Theory]
    [InlineData("""[{"email":"a@x.example","primary":false,"verified":true},{"email":"B@x.example","primary":true,"verified":true}]""", "b@x.example")]
    [InlineData("""[{"email":"a@x.example","primary":true,"verified":false},{"email":"b@x.example","primary":false,"verified":true}]""", null)]
    [InlineData("""[{"email":"a@x.example","primary":false,"verified":true}]""", null)]
    [InlineData("""[{"email":"a@x.example","primary":"true","verified":"true"}]""", null)]
    [InlineData("[]", null)]
    public async Task OfGitHubsAddressesOnlyThePrimaryVerifiedOneCounts(string emails, string? email)
    {
        var user = await SignInAsync("github", new FakeProvider { Emails = JsonNode.Parse(emails)! });
        Assert.Equal((email, email is not null), (user.Email, user.EmailVerified));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    [InlineData("oidc")]
    public async Task AnUnverifiedAddressIsDroppedInARealFlowToo(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(provider, fault: "unverified-email")).Text);
        Assert.DoesNotContain("example.com", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:image/png;base64,xx", null)]
    [InlineData("https://id.example/a.png", "https://id.example/a.png")]
    [InlineData("", null)]
    public async Task APictureIsAWebAddress(string picture, string? expected)
    {
        var fake = new FakeProvider();
        fake.User["picture"] = picture;
        Assert.Equal(expected, (await SignInAsync("google", fake)).Image);
    }

    [Theory]
    [InlineData("""{"sub":"42","name":null,"picture":5,"email":null}""")]
    [InlineData("""{"sub":"42","name":["a"],"email":{"a":1},"email_verified":"maybe"}""")]
    public async Task AStrangeProfileIsReadAsFarAsItGoes(string profile)
    {
        var fake = new FakeProvider { User = JsonNode.Parse(profile)!.AsObject() };
        foreach (var provider in (string[])["google", "work"])
        {
            Assert.NotEmpty((await SignInAsync(provider, fake)).Id);
        }
    }

    [Fact]
    public async Task HalfACharacterInAProfileIsNoCrash()
    {
        var fake = new FakeProvider();
        fake.Faults["/userinfo"] = _ => Task.FromResult(FakeProvider.Json("""{"sub":"42","id":42,"name":"\ud83d half"}"""));
        await using var app = await fake.StartAppAsync();
        foreach (var provider in (string[])["google", "github", "work", "acme"])
        {
            using var browser = app.CreateBrowser();
            var page = await browser.SignInAsync(fake, provider);
            Assert.True((int)page.Status is 200 or 400, $"{provider}: {page.Status}");
        }
    }

    private static async Task<SessionUser> SignInAsync(string provider, FakeProvider fake)
    {
        SessionUser? user = null;
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
        {
            user = context.User;
            return ValueTask.FromResult(SignInDecision.Allow);
        });
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, provider);
        Assert.True(page.Address.AbsolutePath == "/page", $"{provider}: {page.Address}");
        return user!;
    }
}
