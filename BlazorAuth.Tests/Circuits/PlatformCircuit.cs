using System.Diagnostics;
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Tests.Circuits;

/// <summary>
/// The platform's own circuit with its renderer and cascading parameters, begun as its hub does: what the platform tells and renders when is a part of what is
/// promised. Its types are internal.
/// </summary>
internal sealed class PlatformCircuit
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Server = typeof(CircuitOptions).Assembly;

    private readonly object _host;

    private PlatformCircuit(object host) => _host = host;

    public IServiceProvider Services => (IServiceProvider)Get(_host, "Services");

    /// <summary>Begins a circuit with one component, on a connection of this user. It does not wait until the circuit is open.</summary>
    public static async Task<PlatformCircuit> BeginAsync(IServiceProvider services, ClaimsPrincipal user, Type component)
    {
        var factory = services.GetRequiredService(Find("ICircuitFactory"));
        var descriptor = Activator.CreateInstance(Find("ComponentDescriptor"))!;
        Set(descriptor, "ComponentType", component);
        Set(descriptor, "Parameters", ParameterView.Empty);
        Set(descriptor, "Sequence", 0);
        var descriptors = Array.CreateInstance(descriptor.GetType(), 1);
        descriptors.SetValue(descriptor, 0);
        var client = Activator.CreateInstance(Find("CircuitClientProxy"), Any, null, [new DeafClient(), "c1"], null)!;
        var store = Activator.CreateInstance(Find("ProtectedPrerenderComponentApplicationStore"), Any, null, [services.GetRequiredService<IDataProtectionProvider>()], null)!;
        var created = factory.GetType().GetMethod("CreateCircuitHostAsync", Any)!
            .Invoke(factory, [descriptors, client, "http://localhost/", "http://localhost/page", user, store, null])!;
        var task = (Task)created.GetType().GetMethod("AsTask")!.Invoke(created, null)!;
        await task;
        var host = Get(task, "Result");
        host.GetType().GetMethod("InitializeAsync", Any)!.Invoke(host, [store, default(ActivityContext), CancellationToken.None]);
        return new PlatformCircuit(host);
    }

    /// <summary>Adds a component, as a client does with <c>UpdateRootComponents</c>.</summary>
    public async Task AddAsync(Type component)
    {
        var renderer = Get(_host, "Renderer");
        await ((Dispatcher)Get(renderer, "Dispatcher")).InvokeAsync(() => renderer.GetType().GetMethods(Any)
            .Single(found => found.Name == "AddComponentAsync" && found.GetParameters().Length == 3).Invoke(renderer, [component, ParameterView.Empty, "next"]));
    }

    private static Type Find(string name) => Server.GetTypes().First(type => type.Name == name);

    private static object Get(object target, string name) => target.GetType().GetProperty(name, Any)!.GetValue(target)!;

    private static void Set(object target, string name, object value) => target.GetType().GetProperty(name, Any)!.SetValue(target, value);

    private sealed class DeafClient : ISingleClientProxy
    {
        public Task SendCoreAsync(string method, object?[] args, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<T> InvokeCoreAsync<T>(string method, object?[] args, CancellationToken cancellationToken) => Task.FromResult(default(T)!);
    }
}
