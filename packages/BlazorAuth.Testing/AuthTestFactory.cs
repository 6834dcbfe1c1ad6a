using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorAuth.Testing;

/// <summary>
/// The app under test, in Development, with sessions and users in memory, a random secret, and a clock that the test moves. Derive from it to change more;
/// a factory of your own works with <c>SignInAsync</c> just as well.
/// </summary>
/// <typeparam name="TEntryPoint">A type in the app's assembly: <c>Program</c>.</typeparam>
public class AuthTestFactory<TEntryPoint> : WebApplicationFactory<TEntryPoint>
    where TEntryPoint : class
{
    private const string Memory = "memory";

    /// <summary>The clock of the app. It runs like a real one, and jumps when the test says so.</summary>
    public MovableClock Clock { get; } = new();

    /// <inheritdoc />
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("AUTH_STORE", Memory);
        builder.UseSetting("AUTH_DRAIN_DELAY", "00:00:00");
        builder.UseSetting("AUTH_SECRET", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(33)));
        builder.ConfigureAppConfiguration((context, settings) =>
        {
            // Only where the app's settings name a store for users: an app that decides on them itself may name none.
            var accounts = context.Configuration["AUTH_ACCOUNTS"] ?? context.Configuration["Auth:Accounts:Store"];
            if (!string.IsNullOrEmpty(accounts) && !accounts.Trim().Equals("off", StringComparison.OrdinalIgnoreCase))
            {
                settings.AddInMemoryCollection([new("AUTH_ACCOUNTS", Memory)]);
            }
        });
        builder.UseClock(Clock);
        builder.ConfigureTestServices(services =>
        {
            // Stores that the app's code names take precedence over settings.
            services.Replace(ServiceDescriptor.Singleton(provider =>
                provider.GetServices<ISessionStoreFactory>().Last(factory => factory.Scheme == Memory).Create("", provider.GetRequiredService<TimeProvider>())));
            services.PostConfigure<AuthOptions>(options => options.Accounts.Store = options.Accounts.Store is null ? null : Memory);
        });
    }
}

/// <summary>Replaces the clock of an app under test.</summary>
public static class ClockExtensions
{
    /// <summary>Makes BlazorAuth, and everything else that uses a <see cref="TimeProvider"/>, take the time from this clock.</summary>
    public static IWebHostBuilder UseClock(this IWebHostBuilder builder, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(clock);
        return builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(clock)));
    }
}
