// The demo's own elements: what a browser knows better than a server. Their content is in a shadow tree, which Blazor leaves alone.
const tick = new Set();
setInterval(() => tick.forEach((element) => element.draw()), 1000);

class Drawn extends HTMLElement {
  static observedAttributes = ["datetime"];
  root = this.attachShadow({ mode: "open" });
  connectedCallback() { this.draw(); }
  attributeChangedCallback() { this.isConnected && this.draw(); }
}

// A time as the reader writes it, in the reader's own zone.
customElements.define("local-time", class extends Drawn {
  draw() {
    this.root.textContent = new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(this.getAttribute("datetime")));
  }
});

customElements.define("count-down", class extends Drawn {
  connectedCallback() { super.connectedCallback(); tick.add(this); }
  disconnectedCallback() { tick.delete(this); }
  draw() {
    let left = Math.max(0, Math.round((new Date(this.getAttribute("datetime")) - Date.now()) / 1000));
    const parts = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]].map(([size, unit]) => {
      const count = Math.floor(left / size);
      left %= size;
      return [count, unit];
    });
    const from = parts.findIndex(([count]) => count > 0);
    this.root.textContent = from < 0 ? "0s" : parts.slice(from).map(([count, unit]) => `${count}${unit}`).join(" ");
  }
});

// The session as the endpoint tells it, asked for when it is unfolded. Looking at it does not count as using it.
customElements.define("session-json", class extends HTMLElement {
  root = this.attachShadow({ mode: "open" });
  connectedCallback() {
    this.closest("details").addEventListener("toggle", async ({ target }) => {
      if (target.open) {
        const answer = await fetch("api/auth/session", { headers: { "X-Auth-Passive": "1" } });
        this.root.innerHTML = "<style>pre { margin: 0; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: 0.875rem/1.5 ui-monospace, monospace }</style><pre tabindex=0></pre>";
        this.root.querySelector("pre").textContent = JSON.stringify(await answer.json(), null, 2);
      }
    });
  }
});

customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) {
      return;
    }
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `
      <style>
        button { min-height: 2rem; padding: 0 0.75rem; border: 1px solid var(--border); border-radius: 0.5rem; background: var(--surface); color: var(--text); font: 500 0.8125rem/1 system-ui, sans-serif; cursor: pointer }
        button:hover { background: var(--hover) }
        button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
      </style>
      <button type="button"><span role="status">Copy</span></button>`;
    const status = root.querySelector("span");
    root.querySelector("button").addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.parentElement.querySelector("code").textContent);
      status.textContent = "Copied";
      setTimeout(() => { status.textContent = "Copy"; }, 2000);
    });
  }
});

// Blazor goes to a fragment without moving the focus there.
document.addEventListener("click", ({ target }) => target.closest?.(".skip") && document.getElementById("content").focus());
