using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Snippets;

internal static class Identity
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddIdentityAccounts<ApplicationUser>();
    }

    public static void Map(WebApplication app)
    {
        app.MapBlazorAuth();
    }

    public static void WithoutNewUsers(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddIdentityAccounts<ApplicationUser>(identity => identity.CreateUsers = false);
    }

    public static RouteGroupBuilder Manage(RouteGroupBuilder accountGroup)
    {
        var manageGroup = accountGroup.MapGroup("/Manage").RequireAuthorization().RequireFresh(TimeSpan.FromMinutes(15));
        return manageGroup;
    }

    public static void MapOthers(WebApplication app)
    {
        RequireFreshToManage(app.MapGroup("/identity").MapIdentityApi<ApplicationUser>());
        RequireFreshToManage(app.MapRazorPages());
    }

    public static void RequireFreshToManage(IEndpointConventionBuilder api) => api.Add(endpoint =>
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } route } && $"/{route}/".Contains("/manage/", StringComparison.OrdinalIgnoreCase))
        {
            endpoint.Metadata.Add(new RequireFreshAttribute(15));
        }
    });

    public sealed class ApplicationUser : IdentityUser;

    public sealed class OwnManager(
        IUserStore<ApplicationUser> store, IOptions<IdentityOptions> options, IPasswordHasher<ApplicationUser> hasher, IEnumerable<IUserValidator<ApplicationUser>> users,
        IEnumerable<IPasswordValidator<ApplicationUser>> passwords, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<ApplicationUser>> logger, IdentitySessions sessions)
        : UserManager<ApplicationUser>(store, options, hasher, users, passwords, normalizer, errors, services, logger)
    {
        protected override async Task<IdentityResult> UpdateUserAsync(ApplicationUser user)
        {
            var earlier = await sessions.StoredStampAsync(user.Id);
            var result = await base.UpdateUserAsync(user);
            if (result.Succeeded)
            {
                await sessions.StampChangedAsync(user.Id, await GetSecurityStampAsync(user), earlier);
            }

            return result;
        }
    }
}
