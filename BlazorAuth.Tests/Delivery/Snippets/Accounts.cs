using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class Accounts
{
    public static void OwnUsers(AuthOptions auth)
    {
        auth.Callbacks.OnAccount = async context =>
        {
            var db = context.Services.GetRequiredService<ShopDb>();
            var login = await db.Logins.Include(login => login.User)
                .SingleOrDefaultAsync(login => login.Issuer == context.Issuer && login.Subject == context.Subject, context.CancellationToken);
            var user = login?.User ?? (context.ConnectingUserId is { } id ? await db.Users.FindAsync([id], context.CancellationToken) : new() { Name = context.User.Name });
            if (user is null || user.IsBanned || (context.ConnectingUserId is { } connecting && connecting != user.Id))
            {
                return AccountDecision.Deny(user is { IsBanned: false } ? AuthErrorReason.AccountOfSomebodyElse : AuthErrorReason.Banned);
            }

            if (login is null)
            {
                db.Logins.Add(new() { Issuer = context.Issuer, Subject = context.Subject, User = user });
                await db.SaveChangesAsync(context.CancellationToken);
            }

            return AccountDecision.User(user.Id, isNew: login is null && context.ConnectingUserId is null);
        };
    }

    public static void OwnStore(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddAccounts<ShopAccounts>();
    }

    public static void Trusted(AuthOptions auth)
    {
        auth.Accounts.LinkVerifiedEmail("work");
    }

    public static void Strong(AuthOptions auth)
    {
        auth.Session.FreshProviders.Add("work");
    }

    public static void Pictures(AuthOptions auth)
    {
        auth.Pages.Pictures = true;
        auth.Pages.PictureHosts.Add("https://pictures.example.com");
    }

    public static void Off(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Accounts.Enabled = false);
    }

    public static async Task ManageAsync(AccountManager accounts, string userId)
    {
        await accounts.BanAsync(userId, DateTimeOffset.MaxValue, "spam");
        await accounts.UnbanAsync(userId);
        var export = await accounts.ExportAsync(userId);
        await accounts.DeleteAsync(userId);
        Console.WriteLine(export);
    }

    internal abstract class ShopAccounts : IAccountStore
    {
        public abstract Task InitializeAsync(CancellationToken cancellationToken = default);

        public abstract Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default);

        public abstract Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default);

        public abstract Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default);

        public abstract Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default);

        public abstract Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default);

        public abstract Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default);

        public abstract Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default);

        public abstract Task<IReadOnlyList<UserRecord>> SearchAsync(string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default);

        public abstract Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default);

        public abstract Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default);

        public abstract Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default);

        public abstract Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default);

        public abstract Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default);

        public abstract Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default);

        public abstract Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default);

        public abstract Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default);
    }
}

internal sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public DbSet<ShopUser> Users => Set<ShopUser>();

    public DbSet<ShopLogin> Logins => Set<ShopLogin>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<ShopLogin>().HasKey(login => new { login.Issuer, login.Subject });
}

internal sealed class ShopUser
{
    public string Id { get; set; } = Guid.NewGuid().ToString();

    public string? Name { get; set; }

    public bool IsBanned { get; set; }
}

internal sealed class ShopLogin
{
    public required string Issuer { get; set; }

    public required string Subject { get; set; }

    public required ShopUser User { get; set; }
}
