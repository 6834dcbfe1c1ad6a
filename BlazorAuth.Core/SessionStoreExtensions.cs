using BlazorAuth;
using BlazorAuth.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a kind of session store to those that come with BlazorAuth (SQLite and memory).</summary>
public static class SessionStoreExtensions
{
    /// <summary>Lets <c>AUTH_STORE</c>, and <c>AUTH_ACCOUNTS</c> if the store keeps users, name the scheme of a factory. Calling it more than once is harmless.</summary>
    /// <typeparam name="TFactory">The factory, which is created once.</typeparam>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    public static AuthenticationBuilder AddSessionStore<TFactory>(this AuthenticationBuilder builder)
        where TFactory : class, ISessionStoreFactory
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISessionStoreFactory, TFactory>());
        return builder;
    }

    /// <summary>Sets the session store in code, and lets settings name its scheme. <c>AUTH_STORE</c> is ignored then.</summary>
    /// <typeparam name="TFactory">The factory, which is created once.</typeparam>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    /// <param name="address">Where the store is, in the form of <see cref="ISessionStoreFactory.Example"/>.</param>
    public static AuthenticationBuilder AddSessionStore<TFactory>(this AuthenticationBuilder builder, string address)
        where TFactory : class, ISessionStoreFactory
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        builder.AddSessionStore<TFactory>().Services.Replace(
            ServiceDescriptor.Singleton(provider => provider.GetRequiredService<StoreFactory>().Create<TFactory>(address)));
        return builder;
    }
}
