using System.Net;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Providers;

/// <summary>What a provider says about a person is cleaned and bounded: whatever it is, they can sign in, and out again.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData("""{"name":"\t\r\n "}""", null)]
    [InlineData("""{"name":"\u2060\u00ad"}""", null)]
    [InlineData("""{"name":"\uffa0\u1160"}""", null)]
    [InlineData("""{"name":"\u2800"}""", null)]
    [InlineData("""{"name":"\u202e"}""", null)]
    [InlineData("""{"name":"  Ada\u00a0Lovelace\n"}""", "Ada\u00a0Lovelace")]
    [InlineData("""{"name":"Ada\u0000Lovelace"}""", "Ada Lovelace")]
    [InlineData("""{"name":"\ud83dAda"}""", "\uFFFDAda")]
    [InlineData("""{"family_name":"Lovelace"}""", "Lovelace")]
    [InlineData("""{"given_name":" Ada ","family_name":"\u200b"}""", "Ada")]
    [InlineData("""{"name":"","nickname":"adi","preferred_username":"ada@x"}""", "adi")]
    [InlineData("""{"name":"👩‍👩‍👧‍👦"}""", "👩‍👩‍👧‍👦")]
    public async Task ANameIsWhatAPersonCanSee(string profile, string? name) => Assert.Equal(name, (await UserAsync(profile)).Name);

    [Fact]
    public async Task ANameIsCutBetweenCharacters()
    {
        const string Family = "👩‍👩‍👧‍👦";
        var name = (await UserAsync(new JsonObject { ["name"] = string.Concat(Enumerable.Repeat(Family, 40)) }.ToJsonString())).Name!;
        Assert.InRange(name.Length, 190, 200);
        Assert.Equal(0, name.Length % Family.Length);
        Assert.Equal(200, (await UserAsync(new JsonObject { ["name"] = new string('a', 201) }.ToJsonString())).Name!.Length);
    }

    [Theory]
    [InlineData("Ada@Example.com\t", "ada@example.com")]
    [InlineData(" \r\nada@example.com ", "ada@example.com")]
    [InlineData("\u00a0ada@example.com", null)]
    [InlineData("ad\ufe0fa@example.com", null)]
    [InlineData("a\u034fda@example.com", null)]
    [InlineData("a\u180bda@example.com", null)]
    [InlineData("a\u17b4da@example.com", null)]
    [InlineData("ada\u2800@example.com", null)]
    [InlineData("ada\udb40\udc61@example.com", null)]
    [InlineData("\ufeffada@example.com", null)]
    [InlineData("ada@exa\u200dmple.com", null)]
    [InlineData("a\u00adda@example.com", null)]
    [InlineData("ad\u3164a@example.com", null)]
    [InlineData("ad\u2065a@example.com", null)]
    [InlineData("ada@example.com\uFFF0", null)]
    [InlineData("ad\uFFF8a@example.com", null)]
    [InlineData("ada_example.com#EXT#@tenant.example", null)]
    [InlineData("ADA_EXAMPLE.COM#ext#@TENANT.EXAMPLE", null)]
    [InlineData("ada lovelace@example.com", null)]
    [InlineData("ada\0@example.com", null)]
    [InlineData("", null)]
    public async Task AnAddressIsTrimmedOrNone(string email, string? expected) =>
        Assert.Equal(expected, (await UserAsync(new JsonObject { ["email"] = email }.ToJsonString())).Email);

    [Fact]
    public async Task ALongAddressIsNone()
    {
        Assert.NotNull((await UserAsync(new JsonObject { ["email"] = new string('a', 308) + "@example.com" }.ToJsonString())).Email);
        Assert.Null((await UserAsync(new JsonObject { ["email"] = new string('a', 309) + "@example.com" }.ToJsonString())).Email);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task ALongPictureIsNone(int length, bool isKept) =>
        Assert.Equal(isKept, (await UserAsync(new JsonObject { ["picture"] = "https://p.example/".PadRight(length, 'a') }.ToJsonString())).Image is not null);

    [Theory]
    [InlineData("\u00a0https://p.example/a.png ", "https://p.example/a.png")]
    [InlineData("https://p.example/a\n.png", null)]
    [InlineData("data:image/png;base64,AA", null)]
    [InlineData("//p.example/a.png", null)]
    public async Task APictureIsTrimmedOrNone(string picture, string? expected) =>
        Assert.Equal(expected, (await UserAsync(new JsonObject { ["picture"] = picture }.ToJsonString())).Image);

    [Theory]
    [InlineData("\"YES\"", true)]
    [InlineData("\" true \"", true)]
    [InlineData("1", true)]
    [InlineData("\"False\"", null)]
    [InlineData("\"NO\"", null)]
    [InlineData("0", null)]
    [InlineData("2", false)]
    [InlineData("\"verified\"", false)]
    [InlineData("[true]", false)]
    [InlineData("null", false)]
    public async Task AFlagIsReadInAllItsForms(string flag, bool? isVerified)
    {
        var user = await UserAsync($$"""{"email":"ada@example.com","email_verified":{{flag}}}""");
        Assert.Equal((isVerified is not null, isVerified == true), (user.Email is not null, user.EmailVerified));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task ASubjectTooLongToKeepIsTheProvidersFault(int length, bool isKept)
    {
        var fake = new FakeProvider { User = new JsonObject { ["sub"] = new string('x', length), ["name"] = "Ada" } };
        await AssertSubjectAsync(fake, isKept);
    }

    [Theory]
    [InlineData("""{"sub":"a\u0000b","name":"Ada"}""")]
    [InlineData("""{"sub":"a\ud83d","name":"Ada"}""")]
    public Task ASubjectThatNoStoreKeepsIsTheProvidersFault(string profile) =>
        AssertSubjectAsync(new FakeProvider { User = JsonNode.Parse(BlazorAuth.Http.LoneSurrogates.Replace(profile))!.AsObject() }, isKept: false);

    [Fact]
    public async Task AnAddressIsVerifiedByItsOwnAnswerAlone()
    {
        // The id token vouches for one address, user info brings another: the flag of the first is not the second's.
        var fake = new OpenIdFake { Claims = new() { ["sub"] = "42", ["email_verified"] = true }, UserInfo = new() { ["sub"] = "42", ["email"] = "ceo@victim.example" } };
        Assert.Equal(("ceo@victim.example", false), await EmailAsync(fake));
        fake = new OpenIdFake
        {
            Claims = new() { ["sub"] = "42", ["email"] = "eve@evil.example", ["email_verified"] = true }, UserInfo = new() { ["sub"] = "42", ["email"] = "ceo@victim.example" },
        };
        Assert.Equal(("eve@evil.example", true), await EmailAsync(fake));
        fake = new OpenIdFake
        {
            Claims = new() { ["sub"] = "42", ["email"] = "ceo@victim.example" },
            UserInfo = new() { ["sub"] = "42", ["email"] = "eve@evil.example", ["email_verified"] = true },
        };
        Assert.Equal(("ceo@victim.example", false), await EmailAsync(fake));
        fake = new OpenIdFake
        {
            Claims = new() { ["sub"] = "42", ["email"] = "ada@example.com" },
            UserInfo = new() { ["sub"] = "42", ["email"] = "Ada@Example.com", ["email_verified"] = true },
        };
        Assert.Equal(("ada@example.com", true), await EmailAsync(fake));
    }

    [Fact]
    public async Task AFlagBesideOneAddressVouchesForNoOtherMemberOfTheProfile()
    {
        // An app that maps another member as the address: the flag beside "email" says nothing of it.
        var fake = new FakeProvider { User = JsonNode.Parse("""{"id":42,"name":"Eve","email":"eve@evil.example","email_verified":true,"work_email":"ceo@victim.example"}""")!.AsObject() };
        SessionUser? user = null;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Options = options => options.Callbacks.OnSignIn = context =>
            {
                user = context.User;
                return ValueTask.FromResult(SignInDecision.Allow);
            };
            setup.Providers = builder => builder.AddOAuth("acme", "Acme", options =>
            {
                fake.UseForPlainOAuth(options);
                options.ClaimActions.Remove(System.Security.Claims.ClaimTypes.Email);
                Microsoft.AspNetCore.Authentication.ClaimActionCollectionMapExtensions.MapJsonKey(options.ClaimActions, System.Security.Claims.ClaimTypes.Email, "work_email");
                Microsoft.AspNetCore.Authentication.ClaimActionCollectionMapExtensions.MapJsonKey(options.ClaimActions, AuthClaims.EmailVerified, "email_verified");
            });
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync(fake, "acme");
        Assert.Equal(("ceo@victim.example", false), (user!.Email, user.EmailVerified));
    }

    private static async Task<(string? Email, bool IsVerified)> EmailAsync(OpenIdFake fake)
    {
        SessionUser? user = null;
        await using var app = await fake.StartAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
        {
            user = context.User;
            return ValueTask.FromResult(SignInDecision.Allow);
        });
        await fake.SignInAsync(app);
        return (user!.Email, user.EmailVerified);
    }

    private static async Task AssertSubjectAsync(FakeProvider fake, bool isKept)
    {
        await using var app = await StartAsync(fake, null);
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "google");
        Assert.Equal(isKept ? (HttpStatusCode.OK, null) : (HttpStatusCode.BadRequest, "ProviderAnswer"), (page.Status, page.Query("reason")));
    }

    private static async Task<SessionUser> UserAsync(string profile)
    {
        var fake = new FakeProvider();
        fake.Faults["/userinfo"] = _ => Task.FromResult(FakeProvider.Json(profile.Insert(1, "\"sub\":\"42\",")));
        SessionUser? user = null;
        await using var app = await StartAsync(fake, seen => user = seen);
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "google");
        Assert.Equal("/page", page.Address.AbsolutePath);
        return user!;
    }

    private static Task<AuthApp> StartAsync(FakeProvider fake, Action<SessionUser>? see) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Providers = builder => builder.AddGoogle(fake.UseFor);
        setup.Options = options => options.Callbacks.OnSignIn = context =>
        {
            see?.Invoke(context.User);
            return ValueTask.FromResult(SignInDecision.Allow);
        };
    });
}
