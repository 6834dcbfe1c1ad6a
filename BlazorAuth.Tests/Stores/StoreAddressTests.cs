using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAuth.Tests.Stores;

/// <summary>What <c>AUTH_STORE</c> can say, and what it is answered where it can't.</summary>
public sealed class StoreAddressTests
{
    private static readonly ISessionStoreFactory[] BuiltIn = [new SqliteStoreFactory(new HostingEnvironment()), new MemoryStoreFactory()];
    private static readonly ISessionStoreFactory[] Packages = [new RedisStoreFactory(NullLoggerFactory.Instance), new PostgresStoreFactory(NullLoggerFactory.Instance)];

    private readonly StoreSchemes _schemes = new([.. BuiltIn, .. Packages]);

    [Theory]
    [InlineData("memory", "memory", "")]
    [InlineData(" Memory ", "memory", "")]
    [InlineData("sqlite:data/auth.db", "sqlite", "data/auth.db")]
    [InlineData("sqlite: /var/lib/my app/auth.db", "sqlite", "/var/lib/my app/auth.db")]
    [InlineData(@"SQLite:C:\data\auth.db", "sqlite", @"C:\data\auth.db")]
    [InlineData("postgres:Host=db;Password=a:b", "postgres", "Host=db;Password=a:b")]
    [InlineData("redis:cache:6379,password=x", "redis", "cache:6379,password=x")]
    public void AnAcceptedFormIsParsed(string text, string scheme, string value)
    {
        Assert.True(_schemes.TryParse(text, out var address, out var error), error);
        Assert.Equal((scheme, value), (address.Factory.Scheme, address.Value));
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("mysql:Server=db;Password=hunter2")]
    [InlineData("hunter2")]
    [InlineData("data/auth.db")]
    [InlineData("memory:hunter2")]
    [InlineData("sqlite")]
    [InlineData("sqlite:")]
    [InlineData("sqlite::memory:")]
    [InlineData("sqlite:data/")]
    [InlineData("sqlite://data/auth.db")]
    [InlineData("sqlite:file:auth.db?mode=memory")]
    [InlineData("sqlite:auth\0.db")]
    [InlineData("postgres")]
    [InlineData("postgres: ")]
    [InlineData("postgres:Passwort=hunter2")]
    [InlineData("postgres://app:hunter2@db/auth")]
    [InlineData("postgresql:Host=db;Password=hunter2")]
    [InlineData("redis:")]
    [InlineData("redis:password=hunter2")]
    [InlineData("redis://:hunter2@cache:6379")]
    public void AnythingElseIsRefusedWithTheAcceptedFormsAndWithoutItsText(string? text)
    {
        Assert.False(_schemes.TryParse(text, out var address, out var error));
        Assert.Null(address);
        Assert.StartsWith("AUTH_STORE is not valid.", error, StringComparison.Ordinal);
        Assert.EndsWith(
            """Accepted forms: "sqlite:data/auth.db", "memory", "redis:cache:6379,password=…", "postgres:Host=db;Database=auth;Username=app;Password=…".""", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://app:hunter2@db:5433/auth?sslmode=require", "postgres:Host=db;Port=5433;Database=auth;Username=app;Password=…;SSL Mode=Require")]
    [InlineData("postgres://app@db/my%20auth", "postgres:Host=db;Database=my auth;Username=app")]
    [InlineData("redis://cache", "redis:cache:6379")]
    [InlineData("rediss://me:hunter2@cache:6380/2", "redis:cache:6380,user=me,password=…,defaultDatabase=2,ssl=true")]
    [InlineData("redis://:hunter2@cache", "redis:cache:6379,password=…")]
    [InlineData("postgresql://", "postgres:Host=db;Database=auth;Username=app;Password=…")]
    public void AUrlIsAnsweredWithTheFormThatWorks(string url, string form)
    {
        Assert.False(_schemes.TryParse(url, out _, out var error));
        Assert.Contains($"use AUTH_STORE={form} Accepted forms", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.True(_schemes.TryParse(form, out _, out _));
    }

    [Theory]
    [InlineData("postgres:Host=db;Password=hunter2", "postgres")]
    [InlineData("redis:cache,password=hunter2", "redis")]
    public void APasswordIsNeverPrinted(string text, string expected)
    {
        Assert.True(_schemes.TryParse(text, out var address, out _));
        Assert.Equal(expected, $"{address}");
    }

    [Fact]
    public void AFactoryOfTheAppIsPreferred()
    {
        var own = new RedisStoreFactory(NullLoggerFactory.Instance);
        Assert.True(new StoreSchemes([.. BuiltIn, .. Packages, own]).TryParse("redis:cache", out var address, out _));
        Assert.Same(own, address.Factory);
    }
}
