using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace BlazorAuth.Bench.Circuits;

/// <summary>A page with nothing but one live component.</summary>
internal sealed class Page<TComponent> : ComponentBase
    where TComponent : IComponent
{
    private static readonly InteractiveServerRenderMode Live = new(prerender: false);

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<TComponent>(0);
        builder.AddComponentRenderMode(Live);
        builder.CloseComponent();
    }
}

/// <summary>The root that makes the live components known to the server.</summary>
internal sealed class Root : ComponentBase;
