using Microsoft.Playwright;

namespace BlazorAuth.Bench.Pages;

/// <summary>What the picture is put together on: two windows side by side, one more in front of the left, and a pointer.</summary>
internal static class Stage
{
    public const string Document = """
        <!DOCTYPE html>
        <style>
          body { margin: 0; padding: 20px; height: 580px; box-sizing: content-box; overflow: hidden; background: #dfe4ee; font: 14px system-ui, sans-serif; color: #3b414d; }
          .window { position: absolute; top: 20px; width: 560px; border-radius: 10px; overflow: hidden; background: #fff; box-shadow: 0 1px 2px #0002, 0 10px 24px -8px #0004; }
          .window p { margin: 0; padding: 9px 16px; background: #eef0f4; border-bottom: 1px solid #d5d9e2; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
          .window img { display: block; width: 100%; }
          #left { left: 20px; }
          #right { left: 596px; }
          #popup { left: 100px; top: 96px; width: 400px; border-radius: 8px; box-shadow: 0 0 0 1px #0003, 0 16px 40px -8px #0007; }
          #pointer { position: absolute; width: 22px; }
          [hidden] { display: none; }
        </style>
        <div class="window" id="left"><p></p><img alt=""></div>
        <div class="window" id="right"><p></p><img alt=""></div>
        <div class="window" id="popup" hidden><p></p><img alt=""></div>
        <svg id="pointer" viewBox="0 0 16 22"><path d="M1 1v16l4-3.6 2.6 6.2 2.6-1.1-2.6-6.1 5.6-.4z" fill="#111" stroke="#fff" stroke-width="1.2"/></svg>
        """;

    public static Task ShowAsync(IPage stage, string window, string address, byte[] picture) => stage.EvaluateAsync(
        """
        async ([id, address, picture]) => {
          const shown = document.getElementById(id);
          shown.hidden = false;
          shown.querySelector("p").textContent = address;
          const image = shown.querySelector("img");
          image.src = "data:image/png;base64," + picture;
          await image.decode();
        }
        """,
        new[] { window, new Uri(address).GetLeftPart(UriPartial.Path).Replace("http://", "", StringComparison.Ordinal), Convert.ToBase64String(picture) });

    public static Task HideAsync(IPage stage, string window) => stage.EvaluateAsync("id => { document.getElementById(id).hidden = true; }", window);

    /// <summary>Puts the pointer on a place in a window's page.</summary>
    public static Task PointAsync(IPage stage, string window, double x, double y) => stage.EvaluateAsync(
        """
        ([id, x, y]) => {
          const at = document.querySelector(`#${id} img`).getBoundingClientRect();
          Object.assign(document.getElementById("pointer").style, { left: `${at.left + Number(x)}px`, top: `${at.top + Number(y)}px` });
        }
        """,
        new[] { window, FormattableString.Invariant($"{x}"), FormattableString.Invariant($"{y}") });
}
