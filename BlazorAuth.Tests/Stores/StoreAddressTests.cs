using Xunit;

namespace BlazorAuth.Tests.Stores;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("memory", nameof(StoreKind.Memory), "")]
    [InlineData(" Memory ", nameof(StoreKind.Memory), "")]
    [InlineData("sqlite:data/auth.db", nameof(StoreKind.Sqlite), "data/auth.db")]
    [InlineData("sqlite: /var/lib/my app/auth.db", nameof(StoreKind.Sqlite), "/var/lib/my app/auth.db")]
    [InlineData(@"SQLite:C:\data\auth.db", nameof(StoreKind.Sqlite), @"C:\data\auth.db")]
    [InlineData("postgres:Host=db;Password=a:b;c", nameof(StoreKind.Postgres), "Host=db;Password=a:b;c")]
    [InlineData("redis:cache:6379,password=x", nameof(StoreKind.Redis), "cache:6379,password=x")]
    public void AnAcceptedFormIsParsed(string text, string kind, string value)
    {
        Assert.True(StoreAddress.TryParse(text, out var address, out var error), error);
        Assert.Equal(new StoreAddress(Enum.Parse<StoreKind>(kind), value), address);
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
    [InlineData("postgres://app:hunter2@db/auth")]
    [InlineData("redis:")]
    [InlineData("redis://:hunter2@cache:6379")]
    public void AnythingElseIsRefusedWithTheAcceptedFormsAndWithoutItsText(string? text)
    {
        Assert.False(StoreAddress.TryParse(text, out var address, out var error));
        Assert.Null(address);
        Assert.StartsWith("AUTH_STORE is not valid.", error, StringComparison.Ordinal);
        Assert.Contains(StoreAddress.AcceptedForms, error, StringComparison.Ordinal);
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
        Assert.False(StoreAddress.TryParse(url, out _, out var error));
        Assert.Contains($"use AUTH_STORE={form} Accepted forms", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.True(StoreAddress.TryParse(form, out _, out _));
    }

    [Theory]
    [InlineData("postgres:Host=db;Password=hunter2", "postgres")]
    [InlineData("redis:cache,password=hunter2", "redis")]
    [InlineData("sqlite:auth.db", "sqlite:auth.db")]
    public void APasswordIsNeverPrinted(string text, string expected)
    {
        Assert.True(StoreAddress.TryParse(text, out var address, out _));
        Assert.Equal(expected, $"{address}");
    }
}
