using System.Diagnostics;
using BlazorAuth.Circuits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Identity;

/// <summary>
/// Takes out the <see cref="AuthenticationStateProvider"/> that the template of Identity registers, wherever the app does it: it would look for the stamp in a principal
/// that has none, and would not notice when a session ends. What is registered before is taken out at once; what comes after, right before the host is built, which a
/// diagnostic event announces. Where no such event is raised, the app does not start, and a message says why (<see cref="IdentityBridge"/>).
/// </summary>
internal sealed class StateProviderOrder : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string Hosting = "Microsoft.Extensions.Hosting";
    private const string HostBuilding = "HostBuilding";

    // Identifies the host that is being built: the event is raised in the flow of the code that builds it, and names no collection.
    private static readonly AsyncLocal<StateProviderOrder?> Current = new();

    private readonly IServiceCollection _services;
    private readonly List<IDisposable> _subscriptions = [];

    private StateProviderOrder(IServiceCollection services) => _services = services;

    public static void Keep(IServiceCollection services)
    {
        var order = new StateProviderOrder(services);
        Current.Value = order;
        order.TakeOut();
        order._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(order));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Hosting && ReferenceEquals(Current.Value, this))
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == HostBuilding && ReferenceEquals(Current.Value, this) && !_services.IsReadOnly)
        {
            TakeOut();
            Current.Value = null;
            _subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    // Only classes that the app registers: a factory belongs to BlazorAuth or to a test.
    private void TakeOut()
    {
        var others = _services.Where(service => service.ServiceType == typeof(AuthenticationStateProvider) && !service.IsKeyedService
            && service.ImplementationType is { } type && type != typeof(SessionStateProvider)).ToList();
        others.ForEach(other => _services.Remove(other));
    }
}
