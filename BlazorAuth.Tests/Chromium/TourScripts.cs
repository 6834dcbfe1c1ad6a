namespace BlazorAuth.Tests.Chromium;

/// <summary>What the tour measures in the page.</summary>
internal static class TourScripts
{
    public const string CollectShifts = """
        window.shifts = [];
        const say = ({ node, previousRect, currentRect }) => `${node?.outerHTML?.slice(0, 80)} from ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`;
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => `${entry.value}: ${entry.sources.map(say)}`)))
          .observe({ type: "layout-shift", buffered: true });
        """;

    // Two frames later everything is drawn and reported.
    public const string Shifts = "() => new Promise(told => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(shifts)))))";

    public const string Document = $$"""
        async () => {
          const card = document.querySelector(".ba-card").getBoundingClientRect();
          return {
            title: document.title,
            headings: document.querySelectorAll("h1").length,
            mains: document.querySelectorAll("main").length,
            cardLeft: card.left,
            cardWidth: card.width,
            motion: Math.max(...[...document.querySelectorAll("*")].flatMap(element => [undefined, "::before", "::after"]
              .flatMap(part => getComputedStyle(element, part)).flatMap(style => style.transitionDuration.split(",").map(parseFloat)
                .map((duration, i) => duration + parseFloat(style.transitionDelay.split(",")[i] ?? style.transitionDelay))))),
            shifts: [...await ({{Shifts}})()],
          };
        }
        """;

    // Colours that change do so over a moment.
    public const string Settle = """
        async () => {
          await new Promise(requestAnimationFrame);
          document.getAnimations().filter(animation => animation instanceof CSSTransition).forEach(transition => transition.finish());
        }
        """;

    public const string Edges = """
        async ({ width, zoom }) => {
          for (let frames = 0; innerWidth !== width || devicePixelRatio !== zoom; frames++) {
            if (frames > 300) {
              throw new Error(`The window is ${innerWidth} pixels wide at ${devicePixelRatio}, not ${width} at ${zoom}.`);
            }
            await new Promise(requestAnimationFrame);
          }
          return {
            width: innerWidth,
            fits: document.documentElement.scrollWidth <= innerWidth,
            cut: [...document.querySelectorAll("body *")]
              .filter(element => element.checkVisibility() && !element.closest(".ba-hidden, svg"))
              .filter(element => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1
                || (getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1))
              .map(element => element.outerHTML.slice(0, 120)),
          };
        }
        """;
}
