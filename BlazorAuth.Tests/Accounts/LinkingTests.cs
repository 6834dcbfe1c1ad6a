using System.Text.Json.Nodes;
using BlazorAuth.Tests.Delivery;

namespace BlazorAuth.Tests.Accounts;

/// <summary>Every situation of the table in <c>docs/accounts.md</c>: who somebody is who comes with an account, and what becomes of it.</summary>
public sealed class LinkingTests
{
    private const string Ada = "u-ada";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The rows of the table: number, account, address at the provider, who has it here, who is signed in, how it begins, what happens.</summary>
    public static TheoryData<string, string, string, string, string, string, string> Situations
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string, string, string>();
            var rows = File.ReadLines(Repository.File("docs/accounts.md")).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
                .Where(cells => cells.Length == 9 && int.TryParse(cells[1], out _));
            foreach (var cells in rows)
            {
                data.Add(cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]);
            }

            return data;
        }
    }

    [Fact]
    public void TheTableHasTwentySituations() => Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i}"), Situations.Select(row => row.Data.Item1));

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task ASituationOfTheTableEndsAsItSays(string number, string account, string address, string here, string signedIn, string begins, string happens)
    {
        Assert.NotEmpty(number);
        var fake = new FakeProvider();
        SetAddress(fake.User, address);
        await using var app = await fake.StartAppAsync(setup => setup.Options = options =>
        {
            options.Session.FreshFor = Timeout.InfiniteTimeSpan;
            if (begins == "sign-in, trusted provider")
            {
                options.Accounts.LinkVerifiedEmail("work");
            }
        });
        var store = app.Services.GetRequiredService<IAccountStore>();
        await PrepareAsync(app, store, account, here);
        var before = (await store.SearchAsync("", 100, null, Token)).Count;
        var ada = await store.FindUserAsync(Ada, Token);
        using var browser = app.CreateBrowser();
        if (signedIn == "that user")
        {
            browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(await app.BeginSessionAsync(Ada));
        }

        var away = begins == "connect"
            ? await browser.PressAsync(await browser.OpenAsync("/api/auth/account"), "form[action$='connect/work'] button")
            : await browser.StartSignInAsync("work");
        var page = await browser.ArriveAsync(fake.Answer(away.Location!));

        var owner = (await store.FindAsync(FakeProvider.Issuer, "42", Token))?.User.Id;
        var after = (await store.SearchAsync("", 100, null, Token)).Count;
        var user = (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json?["id"]?.GetValue<string>();
        if (owner != Ada)
        {
            // Above all, nobody else's sign-in verifies their address.
            Assert.Equal(ada, await store.FindUserAsync(Ada, Token));
        }

        switch (happens)
        {
            case "new user":
                Assert.Equal((before + 1, owner), (after, user));
                Assert.DoesNotContain(user, (string[])[Ada, "u-two", "u-gone"]);
                break;
            case "signed in as that user" or "linked without a question":
                Assert.Equal((before, Ada, Ada), (after, owner, user));
                break;
            case "linked":
                Assert.Equal((before, Ada, Ada), (after, owner, user));
                Assert.Contains("Connected.", page.Text, StringComparison.Ordinal);
                break;
            case "asked to sign in the old way":
                Assert.Equal((before, null, signedIn == "that user" ? Ada : null), (after, owner, user));
                Assert.Equal("/api/auth/signin", page.Address.AbsolutePath);
                Assert.Equal(("OAuthAccountNotLinked", "ConfirmToLink"), (page.Query("error"), page.Query("reason")));
                Assert.Contains("You already have an account", page.Text, StringComparison.Ordinal);
                break;
            case "refused":
                Assert.Equal((before, "u-two", Ada), (after, owner, user));
                Assert.Equal(("OAuthAccountNotLinked", "AccountOfSomebodyElse"), (page.Query("error"), page.Query("reason")));
                Assert.Contains("Another user has that account", page.Text, StringComparison.Ordinal);
                break;
            default:
                Assert.Fail($"The table says \"{happens}\", which this test does not know.");
                break;
        }
    }

    // Without this, whoever lost an account of a trusted provider could not keep its finder out: the address is theirs as before.
    [Fact]
    public async Task AnAccountThatWasGivenUpIsNotLinkedAgainByItsAddress()
    {
        var fake = new FakeProvider();
        SetAddress(fake.User, "verified");
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Accounts.LinkVerifiedEmail("work"));
        var store = app.Services.GetRequiredService<IAccountStore>();
        await PrepareAsync(app, store, "one that was disconnected", "a user, verified");
        using var browser = app.CreateBrowser();

        var page = await browser.SignInAsync(fake, "work");

        Assert.Equal("ConfirmToLink", page.Query("reason"));
        Assert.Null(await store.FindAsync(FakeProvider.Issuer, "42", Token));
        Assert.Equal("null", await browser.SessionAsync());
    }

    // Full-width and small forms of "@" are plain ones after a normalization: then the address would be another person's.
    [Theory]
    [InlineData("ada\uFF20example.com")]
    [InlineData("ada\uFE6Bexample.com")]
    [InlineData("eve@evil.example\uFF20example.com")]
    [InlineData("ada@example.com\uFF20evil.example")]
    [InlineData("ada@example\uFF0Ecom")]
    [InlineData("a\u00ADda@example.com")]
    [InlineData("a\u200Bda@example.com")]
    [InlineData("ada@\u2060example.com")]
    [InlineData("ad\u3164a@example.com")]
    [InlineData("\uFEFFada@example.com")]
    [InlineData("a\u034Fda@example.com")]
    [InlineData("\u3000ada@example.com")]
    [InlineData("\u00A0ada@example.com")]
    [InlineData("\u2028ada@example.com")]
    [InlineData("\u0085ada@example.com")]
    [InlineData("ada@example.com\u2003")]
    public async Task NoSignThatIsWideOrNotSeenMakesTheAddressOfSomebodyElse(string address)
    {
        var fake = new FakeProvider();
        (fake.User["email"], fake.User["email_verified"]) = (address, true);
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Accounts.LinkVerifiedEmail("work"));
        var store = app.Services.GetRequiredService<IAccountStore>();
        await PrepareAsync(app, store, "a new account", "a user, verified");
        using var browser = app.CreateBrowser();

        await browser.SignInAsync(fake, "work");

        var owner = (await store.FindAsync(FakeProvider.Issuer, "42", Token))!.User;
        Assert.NotEqual(Ada, owner.Id);
        Assert.NotEqual("ada@example.com", owner.Email);
    }

    // The small form of the Kelvin sign is a plain k.
    [Theory]
    [InlineData("\u212Aim@example.com", "\u212Aim@example.com")]
    [InlineData("KIM@Example.com", "kim@example.com")]
    [InlineData("\u00c4DA@example.com", "\u00e4da@example.com")]
    public void NoLetterOfAnAddressBecomesAPlainOne(string said, string kept) => Assert.Equal(kept, ProviderText.Email(said));

    private static void SetAddress(JsonObject user, string address)
    {
        user["email"] = address switch
        {
            "verified, in capitals" => "ADA@Example.COM",
            "verified, with one more dot" => "a.da@example.com",
            "verified, in wide letters" => "\uff41da@example.com",
            "verified, in letters that look alike" => "\u0430da@example.com",
            _ => "ada@example.com",
        };
        user["email_verified"] = !address.StartsWith("unverified", StringComparison.Ordinal);
        if (address is "not said" or "none")
        {
            user.Remove("email_verified");
        }

        if (address == "none")
        {
            user.Remove("email");
        }
    }

    private static async Task PrepareAsync(AuthApp app, IAccountStore store, string account, string here)
    {
        var now = app.Clock.GetUtcNow();
        var verified = here.EndsWith(", verified", StringComparison.Ordinal);
        var email = here == "nobody" ? null : "ada@example.com";
        await store.CreateAsync(
            new UserRecord { Id = Ada, Email = email, EmailVerifiedAt = verified ? now : null, CreatedAt = now, LastSeenAt = now }, Of(Ada, "https://old.example", "ada"), Token);
        await store.CreateAsync(
            new UserRecord
            {
                Id = "u-two", Email = here == "two users, verified" ? email : "two@example.com", EmailVerifiedAt = now, CreatedAt = now, LastSeenAt = now,
            },
            Of("u-two", "https://old.example", "two"), Token);
        switch (account)
        {
            case "an account of that user":
                await store.LinkAsync(Of(Ada), Token);
                break;
            case "an account of another user":
                await store.LinkAsync(Of("u-two"), Token);
                break;
            case "one that was disconnected":
                await store.LinkAsync(Of(Ada), Token);
                await store.UnlinkAsync(Ada, FakeProvider.Issuer, "42", Token);
                break;
            case "one whose user was deleted":
                await store.CreateAsync(new UserRecord { Id = "u-gone", CreatedAt = now, LastSeenAt = now }, Of("u-gone"), Token);
                await store.DeleteAsync("u-gone", Token);
                break;
            default:
                Assert.Equal("a new account", account);
                break;
        }

        AccountRecord Of(string userId, string issuer = FakeProvider.Issuer, string subject = "42") => new()
        {
            Issuer = issuer, Subject = subject, UserId = userId, Provider = issuer == FakeProvider.Issuer ? "work" : "google", LinkedAt = now, LastUsedAt = now,
        };
    }
}
