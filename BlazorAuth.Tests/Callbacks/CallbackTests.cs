using System.Net;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Flows;

namespace BlazorAuth.Tests.Callbacks;

/// <summary>What the app decides and what it is told: order, arguments, and what happens when it throws.</summary>
public sealed class CallbackTests
{
    [Theory]
    [InlineData("work", AuthProviderType.Oidc)]
    [InlineData("acme", AuthProviderType.OAuth)]
    public async Task AtSignInTheyComeInAuthJsOrderWithAllThatIsKnown(string provider, AuthProviderType type)
    {
        var order = new List<string>();
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnRedirect = context =>
            {
                order.Add("redirect");
                return ValueTask.FromResult(context.Default);
            };
            options.Callbacks.OnSignIn = context =>
            {
                order.Add("signIn");
                AssertAccount(context.Account);

                // What the app's own code reads of a plain OAuth provider is known to us by its claims only.
                Assert.Equal("Ada@Example.com", context.Profile[type == AuthProviderType.Oidc ? "email" : ClaimTypes.Email]!.GetValue<string>());
                Assert.Equal("ada@example.com", context.User.Email);
                Assert.NotNull(context.Services.GetService<ISessionStore>());
                return ValueTask.FromResult(SignInDecision.Allow);
            };
            options.Callbacks.OnToken = context =>
            {
                order.Add("token " + context.Trigger);
                if (context.Trigger == TokenTrigger.SignIn)
                {
                    AssertAccount(context.Account!);
                    Assert.Equal("Ada Lovelace", context.User!.Name);
                    Assert.NotNull(context.Profile);
                    Assert.Null(context.Data);
                    context.Claims["team"] = "blue";
                    context.Claims["sub"] = "somebody-else";
                }
                else
                {
                    Assert.Null(context.User);
                    Assert.Null(context.Account);
                    Assert.Equal("blue", context.Claims["team"]!.GetValue<string>());
                }

                return ValueTask.FromResult(true);
            };
            options.Callbacks.OnSession = context =>
            {
                order.Add("session");
                context.Body["team"] = context.Session.Claims["team"].GetString();
                return ValueTask.CompletedTask;
            };
            options.Events.OnSignedIn = context =>
            {
                order.Add("signedIn");
                AssertAccount(context.Account);
                Assert.NotEqual("somebody-else", context.Session.User.Id);
                return ValueTask.CompletedTask;
            };
            options.Events.OnSessionRead = _ => Add("sessionRead");
            options.Events.OnSignedOut = context =>
            {
                Assert.Equal("Ada Lovelace", context.Session.User.Name);
                return Add("signedOut");
            };
        });
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync(provider)).Location!;
        order.Clear();
        await browser.ArriveAsync(fake.Answer(authorize));
        Assert.Equal(["redirect", "signIn", "token SignIn", "signedIn"], order);

        order.Clear();
        Assert.Contains("\"team\":\"blue\"", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.Equal(["token Read", "session", "sessionRead"], order);

        order.Clear();
        await browser.PostAsync("/api/auth/signout");
        Assert.Equal(["redirect", "signedOut"], order);

        ValueTask Add(string name)
        {
            order.Add(name);
            return ValueTask.CompletedTask;
        }

        void AssertAccount(AuthAccount account)
        {
            Assert.Equal((provider, type, "42"), (account.Provider, account.Type, account.ProviderAccountId));
            Assert.Equal((FakeProvider.AccessToken, FakeProvider.RefreshToken, "Bearer"), (account.AccessToken, account.RefreshToken, account.TokenType));
            Assert.Equal("openid email", account.Scope);
            Assert.NotNull(account.ExpiresAt);
            Assert.Equal(type == AuthProviderType.Oidc, account.IdToken is not null);
            Assert.DoesNotContain(FakeProvider.AccessToken, account.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("deny", 403, "/api/auth/error", "No access")]
    [InlineData("throw", 403, "/api/auth/error", "No access")]
    [InlineData("time-out", 403, "/api/auth/error", "No access")]
    [InlineData("no-token", 403, "/api/auth/error", "No access")]
    [InlineData("token-throws", 500, "/api/auth/error", "Something’s wrong")]
    [InlineData("token-time-out", 500, "/api/auth/error", "Something’s wrong")]
    public async Task ANoIsANo(string how, int status, string path, string cause)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnSignIn = _ => how switch
            {
                "deny" => ValueTask.FromResult(SignInDecision.Deny),
                "throw" => throw new InvalidOperationException("cause-of-the-exception"),
                // As an HttpClient of the app says that its server is slow.
                "time-out" => throw new TaskCanceledException("cause-of-the-exception"),
                _ => ValueTask.FromResult(SignInDecision.Allow),
            };
            options.Callbacks.OnToken = _ => how switch
            {
                "no-token" => ValueTask.FromResult(false),
                "token-throws" => throw new InvalidOperationException("cause-of-the-exception"),
                "token-time-out" => throw new TaskCanceledException("cause-of-the-exception"),
                _ => ValueTask.FromResult(true),
            };
        });
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "acme");
        Assert.Equal((status, path), ((int)page.Status, page.Address.AbsolutePath));
        Assert.Contains(cause, page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("cause-of-the-exception", page.Text + page.Address, StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Text.Contains(page.Query("reference")!, StringComparison.Ordinal));
        Assert.Equal("null", await browser.SessionAsync());
        app.Logs.AssertHoldsNone(browser.Secrets);
    }

    [Theory]
    [InlineData("/page?welcome=1", "/page?welcome=1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    public async Task TheAppMaySendAPersonElsewhereWithinTheApp(string target, string expected)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = _ => ValueTask.FromResult(SignInDecision.RedirectTo(target)));
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(fake, "google");
        Assert.Equal(("localhost", expected), (page.Address.Host, page.Address.PathAndQuery));
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task AnEventThatThrowsChangesNothing()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnSignedIn = _ => throw new InvalidOperationException("event");
            options.Events.OnSessionRead = _ => throw new InvalidOperationException("event");
            options.Events.OnSignedOut = _ => throw new InvalidOperationException("event");
            options.Events.OnSessionRevoked = _ => throw new InvalidOperationException("event");
        });
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        Assert.Contains("ada", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signout")).Status);
        Assert.Equal(3, app.Logs.Own.Count(line => line.Event.Name == "EventFailed"));
    }

    [Fact]
    public async Task AClassFromTheContainerTakesServices()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton(new Teams("green")).AddSingleton<Told>();
            setup.Providers = builder => builder.AddGoogle().AddCallbacks<TeamCallbacks>().AddEvents<TellingEvents>();
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Contains("\"team\":\"green\"", await browser.SessionAsync(), StringComparison.Ordinal);
        var session = Assert.Single(app.Services.GetRequiredService<Told>().SignedIn);
        Assert.Equal("Ada Lovelace", session.User.Name);
    }

    [Fact]
    public async Task DelegatesBesideAClassRefuseToStart()
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton(new Teams("green"));
            setup.Options = options => options.Callbacks.OnSignIn = _ => ValueTask.FromResult(SignInDecision.Deny);
            setup.Providers = builder => builder.AddGoogle().AddCallbacks<TeamCallbacks>();
        }));
        Assert.Contains("Move the delegates into the class", error.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<Told>();
            setup.Options = options => options.Events.OnSignedOut = _ => ValueTask.CompletedTask;
            setup.Providers = builder => builder.AddGoogle().AddEvents<TellingEvents>();
        }));
        Assert.Contains("Move the delegates into the class", error.Message, StringComparison.Ordinal);
    }

    private sealed record Teams(string Name);

    private sealed class TeamCallbacks(Teams teams) : AuthCallbacks
    {
        public override ValueTask<bool> TokenAsync(TokenContext context)
        {
            context.Claims["team"] = teams.Name;
            return ValueTask.FromResult(true);
        }

        public override ValueTask SessionAsync(SessionContext context)
        {
            context.Body["team"] = (JsonNode?)context.Session.Claims["team"].GetString();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Told
    {
        public List<Session> SignedIn { get; } = [];
    }

    private sealed class TellingEvents(Told told) : AuthEvents
    {
        public override ValueTask SignedInAsync(SignedInContext context)
        {
            told.SignedIn.Add(context.Session);
            return ValueTask.CompletedTask;
        }
    }
}
