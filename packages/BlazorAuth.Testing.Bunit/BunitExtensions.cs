using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Bunit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Testing;

/// <summary>Lets a bUnit test render components for someone who is signed in.</summary>
public static class BunitExtensions
{
    private static readonly Assembly Core = typeof(SessionManager).Assembly;

    /// <summary>
    /// Signs someone in for the components of this test: <c>SessionView</c>, <c>AuthorizeView</c>, the cascading <c>Session</c>, and everything else in
    /// BlazorAuth. Call it before the first render.
    /// </summary>
    /// <param name="context">The test.</param>
    /// <param name="user">The user ID.</param>
    /// <param name="roles">Their roles. Default: none.</param>
    /// <param name="configure">Adds providers and callbacks, as after <c>AddBlazorAuth()</c>. Default: none.</param>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "By the user's ID or by the user: no call is ambiguous.")]
    public static TestSession AddSession(
        this BunitContext context, string user, IEnumerable<string>? roles = null, Action<AuthenticationBuilder>? configure = null) =>
        context.AddSession(new TestUser(user) { Roles = [.. roles ?? []] }, configure);

    /// <inheritdoc cref="AddSession(BunitContext, string, IEnumerable{string}, Action{AuthenticationBuilder})" />
    [SuppressMessage("ApiDesign", "RS0026", Justification = "By the user's ID or by the user: no call is ambiguous.")]
    public static TestSession AddSession(this BunitContext context, TestUser user, Action<AuthenticationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Add(context, user, configure);
    }

    /// <summary>Renders the components of this test for someone who is not signed in. Call it before the first render.</summary>
    /// <param name="context">The test.</param>
    /// <param name="configure">Adds providers and callbacks, as after <c>AddBlazorAuth()</c>. Default: none.</param>
    public static TestSession AddNoSession(this BunitContext context, Action<AuthenticationBuilder>? configure = null) => Add(context, null, configure);

    /// <summary>Waits until the page says that its session has ended (<c>SessionOverlay</c>, <c>SessionEnded</c>); fails if it does not.</summary>
    /// <param name="component">What was rendered.</param>
    /// <param name="within">How long to wait. Default: five seconds.</param>
    public static void ExpectCovered<TComponent>(this IRenderedComponent<TComponent> component, TimeSpan? within = null)
        where TComponent : IComponent =>
        component.WaitForState(() => component.FindAll("[data-session-ended]").Any(cover => !cover.HasAttribute("hidden")), within ?? TimeSpan.FromSeconds(5));

    private static TestSession Add(BunitContext context, TestUser? user, Action<AuthenticationBuilder>? configure)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Blocking is safe: there is no dispatcher before the first render.
        var host = Task.Run(() => SessionHost.StartAsync(user, configure)).GetAwaiter().GetResult();
        var services = context.Services;
        foreach (var descriptor in host.Registered.Where(IsLent))
        {
            var type = descriptor.ServiceType;
            services.Add(descriptor.Lifetime == ServiceLifetime.Singleton ? ServiceDescriptor.Singleton(type, _ => host.Services.GetRequiredService(type)) : descriptor);
        }

        // The state provider of the host's circuit, so that it learns what happens to the session. Created by the container, which stops the host with the test.
        services.AddSingleton(_ => host);
        services.Replace(ServiceDescriptor.Singleton(provider => provider.GetRequiredService<SessionHost>().State));
        services.Add(ServiceDescriptor.Singleton(host.State.GetType(), provider => provider.GetRequiredService<SessionHost>().State));
        services.TryAddSingleton<TimeProvider>(host.Clock);
        services.AddSingleton(_ => host.Services.GetRequiredService<IOptions<AuthOptions>>());

        // bUnit registers placeholders that would require its own set-up.
        services.RemoveAll<IAuthorizationService>();
        services.RemoveAll<IAuthorizationPolicyProvider>();
        services.AddAuthorizationCore();
        services.AddCascadingAuthenticationState();
        context.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        return new TestSession(host);
    }

    // What components inject, and cascading values, as far as they are BlazorAuth's. Hosted services stay in the host.
    private static bool IsLent(ServiceDescriptor service) =>
        !service.IsKeyedService && !service.ServiceType.IsGenericType
        && (service.ServiceType.Assembly == Core
            || (service.ServiceType.Name == "ICascadingValueSupplier" && Maker(service)?.Assembly == Core));

    private static Type? Maker(ServiceDescriptor service) => service.ImplementationFactory?.Method.DeclaringType ?? service.ImplementationType;
}
