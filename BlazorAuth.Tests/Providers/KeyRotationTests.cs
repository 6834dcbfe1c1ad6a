using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Providers;

/// <summary>A provider changes its signing keys: nobody is turned away for it, and nobody can make the app ask for keys all day.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task TheFirstPersonAfterAChangeGetsInAndAfterTheNextOneToo()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
        foreach (var id in (string[])["k2", "k3", "k4"])
        {
            fake.Keys[0] = OpenIdFake.Rsa(id);
            Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
            app.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(4, fake.Count("/keys"));
    }

    [Theory]
    [InlineData("k1")]
    [InlineData(null)]
    public async Task AKeyThatChangesWithoutItsIdIsLookedForToo(string? id)
    {
        var fake = new OpenIdFake();
        fake.Keys[0] = OpenIdFake.Rsa(id);
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        fake.Keys[0] = OpenIdFake.Rsa(id);
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Fact]
    public async Task ManyPeopleAtOnceCostOneLook()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        var flows = new List<(Browser Browser, Uri Answer)>();
        fake.ChangeToken = claims => claims.Remove("nonce");
        for (var i = 0; i < 12; i++)
        {
            var browser = app.CreateBrowser();
            flows.Add((browser, fake.Answer((await browser.StartSignInAsync("work")).Location!)));
        }

        fake.Keys[0] = OpenIdFake.Rsa("k2");
        var pages = await Task.WhenAll(flows.Select(flow => flow.Browser.ArriveAsync(flow.Answer)));
        flows.ForEach(flow => flow.Browser.Dispose());

        // They share one nonce here, so none gets in; but all were told by the signature of the one new key.
        Assert.All(pages, page => Assert.Equal("ProviderAnswer", Page.Query(page.Address, "reason")));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("is not among the provider", StringComparison.Ordinal));
        Assert.True(fake.Count("/keys") == 2, $"{fake.Count("/keys")}: {string.Join('\n', app.Logs.Own.Where(line => line.Event.Id is 302 or 314).Select(line => line.Text))}");
    }

    [Fact]
    public async Task AKeyThatIsNotThereIsLookedForOnce()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        var foreign = OpenIdFake.Rsa("nobody");
        fake.Hooks["/token"] = _ => OpenIdFake.Json($$"""{"access_token":"a","token_type":"Bearer","id_token":"{{fake.IdToken(foreign)}}"}""");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("ProviderAnswer", (await fake.SignInAsync(app)).Query("reason"));
        }

        Assert.Equal(2, fake.Count("/keys"));
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 302 && line.Text.Contains("The key nobody of the id token is not among the provider's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoMoreThanTenLooksAMinute()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        var key = ((RsaSecurityKey)OpenIdFake.Rsa("nobody").Key).Rsa;
        for (var i = 0; i < 14; i++)
        {
            var foreign = new SigningCredentials(new RsaSecurityKey(key) { KeyId = $"nobody-{i}" }, SecurityAlgorithms.RsaSha256);
            fake.Hooks["/token"] = _ => OpenIdFake.Json($$"""{"access_token":"a","token_type":"Bearer","id_token":"{{fake.IdToken(foreign)}}"}""");
            await fake.SignInAsync(app);
        }

        Assert.Equal(11, fake.Count("/keys"));
        fake.Hooks.Clear();
        fake.Keys[0] = OpenIdFake.Rsa("k2");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ada Lovelace", (await fake.SignInAsync(app)).Text);
    }

    [Fact]
    public async Task DocumentsThatCannotBeReadAgainAreKept()
    {
        var fake = new OpenIdFake();
        await using var app = await fake.StartAsync();
        await fake.SignInAsync(app);
        fake.Hooks["/.well-known/openid-configuration"] = _ => OpenIdFake.Error("server_error", System.Net.HttpStatusCode.InternalServerError);
        app.Clock.Advance(TimeSpan.FromHours(13));
        using var browser = app.CreateBrowser();
        Assert.Equal("id.example", (await browser.StartSignInAsync("work")).Location!.Host);
        Assert.Contains(app.Logs.Own, line => line.Event.Id == 315);
    }
}
