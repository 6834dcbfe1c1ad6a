namespace BlazorAuth.Tests.Providers;

/// <summary>A provider whose discovery document says that it is another one: its people are not the other's.</summary>
public sealed class ClaimedIssuerTests
{
    private const string Internal = "http://keycloak.internal:8080/realms/a";

    [Theory]
    [InlineData("https://id.example")]
    [InlineData("https://id.example/realms/other")]
    [InlineData("https://ID.example:443")]
    [InlineData("https://accounts.google.com")]
    [InlineData("https://github.com")]
    [InlineData("https://acme.example/any")]
    public async Task AProviderThatSaysItIsAnotherSignsNobodyIn(string claimed)
    {
        var (good, evil) = (new OpenIdFake(), Claiming("https://evil.example", claimed));
        await using var app = await StartAsync(good, evil);
        var page = await evil.SignInAsync(app, "second");
        Assert.Equal("IssuerMismatch", page.Query("reason"));
        Assert.Equal(0, evil.Count("/token"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("AUTH_SECOND_ISSUER", StringComparison.Ordinal));
        Assert.Equal("Ada Lovelace", (await good.SignInAsync(app)).Text);
    }

    [Fact]
    public async Task NorWithTheIssuerThatTheOtherHasBesideItsAddress()
    {
        var (good, evil) = (Claiming(Internal, "https://sso.example/realms/a"), Claiming("https://evil.example", "https://sso.example/realms/a"));
        await using var app = await StartAsync(good, evil, "https://sso.example/realms/a");
        Assert.Equal("IssuerMismatch", (await evil.SignInAsync(app, "second")).Query("reason"));
        Assert.Equal(0, evil.Count("/token"));
    }

    // Users are found by issuer and subject, so those of a provider that the app had, or will have, must not be anybody else's.
    [Theory]
    [InlineData("https://evil.example", "https://gone.example")]
    [InlineData("https://evil.example", "https://gone.example/realms/a")]
    [InlineData("https://evil.example", "https://evil.example:8443")]
    [InlineData("https://evil.example", "https://login.evil.example")]
    [InlineData("https://evil.example", "https://gone.example/{tenantid}/v2.0")]
    public async Task NorAsOneThatTheAppDoesNotHave(string address, string claimed)
    {
        var evil = Claiming(address, claimed);
        await using var app = await StartAsync(new OpenIdFake(), evil);
        Assert.Equal("IssuerMismatch", (await evil.SignInAsync(app, "second")).Query("reason"));
        Assert.Equal(0, evil.Count("/token"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("AUTH_SECOND_DISCOVERY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NorWhileTheOtherCannotBeAsked()
    {
        var (down, evil) = (Claiming(Internal, "https://sso.example/realms/a"), Claiming("https://evil.example", "https://sso.example/realms/a"));
        down.Hooks["/realms/a/.well-known/openid-configuration"] = _ => throw new HttpRequestException("No route to host");
        await using var app = await StartAsync(down, evil);
        Assert.Equal("IssuerMismatch", (await evil.SignInAsync(app, "second")).Query("reason"));
        Assert.Equal(0, evil.Count("/token"));
    }

    // The document of a provider that the app reaches inside its network names the issuer that the set-up names, and no other.
    [Theory]
    [InlineData("https://sso.example/realms/a", true)]
    [InlineData("https://sso.example/realms/b", false)]
    [InlineData("http://keycloak.internal:8080/realms/a", false)]
    [InlineData("https://gone.example", false)]
    public async Task AnIssuerElsewhereIsTheOneThatTheSetUpNames(string issuer, bool signsIn)
    {
        var inside = Claiming(Internal, issuer);
        await using var app = await StartAsync(inside, new OpenIdFake(), "https://sso.example/realms/a");
        var page = await inside.SignInAsync(app);
        Assert.Equal((signsIn, signsIn ? null : "IssuerMismatch"), (page.Text == "Ada Lovelace", page.Query("reason")));
    }

    [Fact]
    public async Task NorIsARealmAnotherRealmOfTheSameServer()
    {
        var (staff, guests) = (Claiming("https://id.example/realms/staff", "https://id.example/realms/staff"), Claiming("https://id.example/realms/guests", "https://id.example/realms/staff"));
        await using var app = await StartAsync(staff, guests);
        Assert.Equal("IssuerMismatch", (await guests.SignInAsync(app, "second")).Query("reason"));
        Assert.Equal(0, guests.Count("/token"));
        Assert.Equal("Ada Lovelace", (await staff.SignInAsync(app)).Text);
    }

    // However the other's address is written, and wherever the server says that it is.
    [Theory]
    [InlineData("https://ID.example/realms/staff", "https://id.example/realms/guests", "https://id.example/realms/staff")]
    [InlineData("https://id.example:443/realms/staff", "https://id.example/realms/guests", "https://id.example/realms/staff")]
    [InlineData("https://id.example/realms/%73taff", "https://id.example/realms/guests", "https://id.example/realms/staff")]
    [InlineData("https://id.example/realms/Staff", "https://id.example/realms/guests", "https://id.example/realms/staff")]
    [InlineData("http://keycloak.internal:8080/realms/staff", "http://keycloak.internal:8080/realms/guests", "https://sso.example/realms/staff")]
    [InlineData("http://keycloak.internal:8080/realms/staff", "http://keycloak.internal:8080/realms/guests", "https://sso.example/auth/realms/staff")]
    [InlineData("http://keycloak.internal:8080/realms/staff", "http://keycloak.internal:8080", "https://sso.example/realms/staff")]
    public async Task NorDoesItHelpARealmThatTheOtherIsWrittenInAnotherWay(string address, string own, string issuer)
    {
        var (staff, guests) = (Claiming(address, issuer), Claiming(own, issuer));
        await using var app = await StartAsync(staff, guests, address == issuer ? null : issuer);
        Assert.Equal("IssuerMismatch", (await guests.SignInAsync(app, "second")).Query("reason"));
        Assert.Equal(0, guests.Count("/token"));
        Assert.Equal("Ada Lovelace", (await staff.SignInAsync(app)).Text);
    }

    // What staff calls itself is not known while it cannot be asked, and may well be this.
    [Fact]
    public async Task ARealmThatCannotBeAskedIsNotSpokenFor()
    {
        var (staff, guests) = (Claiming("http://keycloak.internal:8080/realms/staff", "https://sso.example/realms/staff"), Claiming("http://keycloak.internal:8080/realms/guests", "https://sso.example/realms/staff"));
        staff.Hooks["/realms/staff/.well-known/openid-configuration"] = _ => throw new HttpRequestException("No route to host");
        await using var app = await StartAsync(staff, guests);
        Assert.Equal("IssuerMismatch", (await guests.SignInAsync(app, "second")).Query("reason"));
    }

    // As Entra's two addresses do it for one tenant: the same keys. Any other realm has keys of its own.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARealmForAllTenantsSpeaksForAnotherWithThatOnesKeysOnly(bool sharesKeys)
    {
        var (staff, all) = (Claiming("https://id.example/realms/staff", "https://id.example/realms/staff"), Claiming("https://id.example/realms/common", "https://id.example/realms/{tenantid}"));
        all.ChangeToken = claims => (claims["iss"], claims["tid"]) = ("https://id.example/realms/staff", "staff");
        if (!sharesKeys)
        {
            all.Keys[0] = OpenIdFake.Rsa("k1");
        }

        await using var app = await StartAsync(staff, all);
        var page = await all.SignInAsync(app, "second");
        Assert.Equal((sharesKeys, sharesKeys ? null : "ProviderAnswer"), (page.Text == "Ada Lovelace", page.Query("reason")));
    }

    [Fact]
    public async Task NorAsEveryTenantOfTheOther()
    {
        var (good, evil) = (new OpenIdFake(), Claiming("https://evil.example", "https://id.example/{tenantid}/v2.0"));
        evil.ChangeToken = claims => (claims["iss"], claims["tid"]) = ("https://id.example/t1/v2.0", "t1");
        await using var app = await StartAsync(good, evil);
        Assert.Equal("IssuerMismatch", (await evil.SignInAsync(app, "second")).Query("reason"));
    }

    [Theory]
    [InlineData("https://id.example", "https://id.example")]
    [InlineData("https://login.example/common", "https://login.example/9188040d/v2.0")]
    [InlineData("https://id.example", "http://id.example")]
    [InlineData("https://LOGIN.example:443/consumers/v2.0", "https://login.example/9188040d/v2.0")]
    public async Task AnIssuerOfItsOwnIsFineWhereverTheDocumentIs(string address, string issuer)
    {
        // Two clients of one provider, as one for people and one for administrators.
        var (first, second) = (Claiming(address, issuer), Claiming(address, issuer));
        await using var app = await StartAsync(first, second);
        Assert.Equal("Ada Lovelace", (await first.SignInAsync(app)).Text);
        Assert.Equal("Ada Lovelace", (await second.SignInAsync(app, "second")).Text);
    }

    [Fact]
    public async Task AnotherProviderThatIsDownKeepsNobodyOut()
    {
        var (down, inside) = (new OpenIdFake(), Claiming("https://login.example/common", "https://login.example/9188040d/v2.0"));
        down.Hooks["/.well-known/openid-configuration"] = _ => throw new HttpRequestException("No route to host");
        await using var app = await StartAsync(down, inside);
        Assert.Equal("Ada Lovelace", (await inside.SignInAsync(app, "second")).Text);
    }

    private static OpenIdFake Claiming(string address, string issuer)
    {
        var fake = new OpenIdFake { Issuer = address, ChangeToken = claims => claims["iss"] = issuer };
        fake.Discovery["issuer"] = issuer;
        return fake;
    }

    /// <param name="issuer">The issuer that the set-up names for the first, whose own address is then that of the document only.</param>
    private static Task<AuthApp> StartAsync(OpenIdFake first, OpenIdFake second, string? issuer = null) => first.StartAsync(setup =>
    {
        if (issuer is not null)
        {
            (setup.Settings["AUTH_WORK_ISSUER"], setup.Settings["AUTH_WORK_DISCOVERY"]) = (issuer, first.Issuer);
        }

        (setup.Settings["AUTH_SECOND_ISSUER"], setup.Settings["AUTH_SECOND_ID"], setup.Settings["AUTH_SECOND_SECRET"]) = (second.Issuer, "client", OpenIdFake.Secret);
        var work = setup.Providers;
        setup.Providers = builder =>
        {
            work(builder);
            builder.AddOpenIdConnect("second", "Second", options => options.BackchannelHttpHandler = second)
                .AddGoogle(options => (options.ClientId, options.ClientSecret) = ("client", "secret"))
                .AddGitHub(options => (options.ClientId, options.ClientSecret) = ("client", "secret"))
                .AddOAuth("acme", "Acme", options =>
                {
                    new FakeProvider().UseForPlainOAuth(options);
                    options.AuthorizationEndpoint = "https://acme.example/authorize";
                });
        };
    });
}
