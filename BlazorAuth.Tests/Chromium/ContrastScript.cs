namespace BlazorAuth.Tests.Chromium;

/// <summary>The contrast of two colours (WCAG 2.2, 1.4.3), whatever CSS calls them, by painting them one over the other.</summary>
internal static class ContrastScript
{
    public const string Functions = """
        const paint = layers => {
          const canvas = document.createElement("canvas").getContext("2d");
          for (const layer of ["white", ...layers]) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = layers => {
          const [r, g, b] = paint(layers).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        // What lies behind an element, from the page up.
        const behind = element => {
          const layers = [];
          for (let at = element; at; at = at.parentElement) { layers.unshift(getComputedStyle(at).backgroundColor); }
          return layers;
        };
        const contrast = (colour, layers) => {
          const [a, b] = [light([...layers, colour]), light(layers)];
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        };
        """;
}
