// For an app's own pages: keeps the session of an active person alive, warns before it ends, takes an open page up again after a new sign-in,
// and keeps tabs in step on the channels of next-auth 5 (BroadcastChannel) and 4 (localStorage). Every page works without it, by reloads.
(() => {
  "use strict";
  const { auth, session, left, refresh } = document.currentScript.dataset;
  const second = 1000;
  const refreshEvery = Math.max(1, Number(refresh)) * second;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("next-auth") : null;
  const typed = new Map();
  let signedIn = Boolean(session);
  let endsAt = signedIn ? Date.now() + Number(left) * second : 0;
  let longest = endsAt - Date.now();
  let lastRead = Date.now();
  let active = false;
  let leaving = new AbortController();
  let turn = Promise.resolve();
  let timer;

  const find = (name) => document.querySelector(`[data-session-${name}]`);
  const show = (element, visible) => element && element.hidden === visible && (element.hidden = !visible);
  const isEnded = () => find("ended")?.hidden === false;

  // One request about the session at a time, over all tabs where the browser can: no answer overtakes a later one.
  function inTurn(work) {
    const run = () => navigator.locks ? navigator.locks.request("blazorauth", work) : work();
    turn = turn.then(run, run);
    return turn;
  }

  async function send(path, body, passive) {
    const options = { headers: { "Content-Type": "application/json" }, signal: leaving.signal, cache: "no-store" };
    if (passive) {
      options.headers["X-Auth-Passive"] = "1";
    }
    if (body) {
      const csrf = await (await fetch(`${auth}/csrf`, options)).json();
      Object.assign(options, { method: "POST", body: JSON.stringify({ ...body, csrfToken: csrf.csrfToken }) });
    }
    const response = await fetch(auth + path, options);
    if (!response.ok) {
      throw new Error(`${path}: ${response.status}`);
    }
    const answer = await response.json();
    // The server's clock on both sides: a wrong one here must not end the session early.
    const now = Date.parse(response.headers.get("Date")) || Date.now();
    return { answer, lasts: answer?.expires ? Date.parse(answer.expires) - now : 0 };
  }

  // Only a read for somebody at work renews the session: a page that is merely open must not keep itself signed in.
  // Undefined: nobody knows, because the server did not answer or the page is being left. Nothing is concluded from that.
  async function read({ passive = false, body } = {}) {
    try {
      const { answer, lasts } = await inTurn(() => send("/session", body, passive));
      lastRead = Date.now();
      endsAt = answer ? lastRead + lasts : 0;
      longest = Math.max(longest, lasts);
      return answer;
    } catch {
      return undefined;
    }
  }

  function tell(trigger) {
    const message = { event: "session", data: { trigger } };
    channel?.postMessage(message);
    try {
      localStorage.setItem("nextauth.message", JSON.stringify({ ...message, timestamp: Math.floor(Date.now() / second) }));
    } catch {
      // Storage is blocked: the other channel has told all tabs but those of next-auth 4.
    }
  }

  // Of several tabs that see a sign-in or a sign-out, one tells the others.
  function tellOnce(id, trigger) {
    try {
      if ((localStorage.getItem("blazorauth.session") ?? "") === id) {
        return;
      }
      localStorage.setItem("blazorauth.session", id);
    } catch {
      return;
    }
    tell(trigger);
  }

  async function check(options = { passive: true }) {
    const known = await read(options);
    if (known === null) {
      end();
    } else if (known && (isEnded() || !signedIn || find("replaced"))) {
      await resume();
    }
  }

  function end() {
    if (signedIn) {
      signedIn = false;
      endsAt = 0;
      const warning = find("expiring");
      if (warning) {
        warn(warning, false);
      }
      show(find("ended"), true);
      tellOnce("", "signout");
    }
  }

  // A circuit is handed the new session and keeps the page; it starts anew itself when the person is another. A static page is loaded again.
  async function resume() {
    const circuit = find("circuit");
    if (!circuit) {
      if (isEnded()) {
        location.reload();
      }
      return;
    }
    try {
      const { answer } = await inTurn(() => send("/session/handover", { circuit: circuit.dataset.sessionCircuit }));
      if (answer) {
        signedIn = true;
        circuit.value = answer.handle;
        circuit.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } catch {
      // The next message or the person's next visit to the tab tries again.
    }
  }

  // Another session took the place of this circuit's. This browser has its cookie, or gets it with an answer that is under way.
  let moving = false;
  async function move() {
    if (!moving) {
      moving = true;
      for (let tries = 0; tries < 6 && find("replaced"); tries++) {
        await resume();
        await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
      }
      moving = false;
    }
  }

  const key = (field) => `${location.pathname} ${field.form?.id ?? ""} ${field.id || field.name}`;
  const keeps = (field) => (field.id || field.name) && !field.closest("[data-session-ended]")
    && (field.matches("textarea, select") || (field.matches("input") && !/^(hidden|password|file|submit|button)$/.test(field.type)));

  // The fields themselves are kept, not their values: what the app clears after a submit is clear.
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => target instanceof Element && keeps(target) && typed.set(key(target), target), true);
  }

  let kept = [];
  function keep() {
    kept = [...typed].filter(([name]) => name.startsWith(location.pathname + " "))
      .map(([name, { value, checked }]) => ({ name, value, checked }));
  }

  function restore() {
    kept = kept.filter((was) => {
      const field = [...document.querySelectorAll("input, textarea, select")].find((candidate) => keeps(candidate) && key(candidate) === was.name);
      if (!field) {
        return true;
      }
      if (field.value !== was.value || field.checked !== was.checked) {
        Object.assign(field, was.checked === undefined ? { value: was.value } : { value: was.value, checked: was.checked });
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
      return false;
    });
  }

  // While the cover is there nobody reaches what lies behind it, by Tab or with a screen reader. The cover itself says how to go on.
  const behind = new Set();
  function seal(within) {
    // A modal dialog of the app lies above every cover, and shows what was private.
    document.querySelectorAll("dialog:modal:not(#components-reconnect-modal)").forEach((dialog) => dialog.close());
    for (let at = within; at && at !== document.body; at = at.parentElement) {
      for (const other of at.parentElement.children) {
        // The platform's own dialog about a lost connection may have to be pressed.
        if (other !== at && !other.inert && other.id !== "components-reconnect-modal") {
          other.inert = true;
          behind.add(other);
        }
      }
    }
  }
  function unseal() {
    behind.forEach((other) => { other.inert = false; });
    behind.clear();
  }

  // The circuit says that the session ended, or goes on, by showing or hiding the cover.
  let covered = isEnded();
  new MutationObserver(() => {
    if (isEnded() !== covered) {
      covered = !covered;
      if (covered) {
        keep();
        end();
        seal(find("ended"));
        document.querySelector("[data-session-ended] [data-session-sign-in]")?.focus();
      } else {
        signedIn = true;
        unseal();
      }
    } else if (covered) {
      // What is drawn meanwhile lies behind it too.
      seal(find("ended"));
    }
    if (!covered && kept.length > 0) {
      restore();
    }
    if (find("replaced")) {
      move();
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "data-session-replaced"] });

  const inWords = (time) => {
    const [count, unit] = time >= 90 * second ? [Math.round(time / 60 / second), "minute"] : [Math.max(0, Math.ceil(time / second)), "second"];
    return new Intl.NumberFormat(find("left")?.closest("[lang]")?.lang || undefined, { style: "unit", unit, unitDisplay: "long" }).format(count);
  };

  // Of a short session the last quarter: a warning that never goes away says nothing.
  const warnAt = (warning) => endsAt - Math.min(Number(warning?.dataset.sessionExpiring ?? 0) * second, longest / 4);

  // The notice never lies over what has the focus (WCAG 2.2, 2.4.11): the page can be scrolled clear of it, and is.
  function makeRoom(warning) {
    const bar = warning.firstElementChild;
    const height = warning.hidden || !bar ? 0 : innerHeight - bar.getBoundingClientRect().top + 8;
    document.documentElement.style.scrollPaddingBlockEnd = height ? `${height}px` : "";
    warning.style.blockSize = height ? `${height}px` : "";
    const at = document.activeElement;
    if (height && at && !warning.contains(at) && at.getBoundingClientRect().bottom > innerHeight - height) {
      at.scrollIntoView({ block: "nearest" });
    }
  }

  // Said once, by a region that is there before: what only becomes visible is not read out.
  function warn(warning, soon) {
    const before = warning.hidden;
    show(warning, soon);
    if (before === soon) {
      makeRoom(warning);
      const said = find("said");
      if (said) {
        said.textContent = soon ? warning.querySelector("[data-session-warning]")?.textContent ?? "" : "";
      }
    }
  }

  function offer(signIn) {
    show(document.querySelector("[data-session-stay]"), !signIn);
    show(document.querySelector("[data-session-expiring] [data-session-sign-in]"), signIn);
  }

  async function tick() {
    clearTimeout(timer);
    const warning = find("expiring");
    const now = Date.now();
    if (signedIn && !covered) {
      if (now >= endsAt) {
        await check();
      } else if (active && (now >= warnAt(warning) || now - lastRead >= refreshEvery)) {
        active = false;
        await read();
      } else if (now >= warnAt(warning) && warning?.hidden) {
        // Another tab may have renewed it: then there is nothing to warn of.
        await read({ passive: true });
      }
      const remaining = endsAt - Date.now();
      const soon = signedIn && remaining > 0 && Date.now() >= warnAt(warning);
      if (warning) {
        warn(warning, soon);
      }
      if (!soon) {
        offer(false);
      } else {
        const text = find("left");
        text && text.textContent !== inWords(remaining) && (text.textContent = inWords(remaining));
      }
    }
    const next = warning && !warning.hidden ? second : Math.min(warnAt(warning) - Date.now(), refreshEvery / 2, 60 * second);
    timer = setTimeout(tick, Math.max(second, next));
  }

  for (const kind of ["pointerdown", "keydown"]) {
    document.addEventListener(kind, () => { active = true; }, { capture: true, passive: true });
  }

  document.addEventListener("click", async (event) => {
    if (event.target.closest?.("[data-session-stay]")) {
      await read({ body: {} });
      // Where that did not help its longest life is over, and only a new sign-in goes on.
      offer(endsAt > 0 && Date.now() >= warnAt(find("expiring")));
      tick();
      return;
    }
    const link = event.target.closest?.("[data-session-sign-in]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const target = new URL(link.href);
      target.searchParams.set("callbackUrl", new URL(`${auth}/signed-in`, location.href).href);
      // A window of its own keeps this page as it is. Where none may open the link is followed.
      if (window.open(target.href, "blazorauth", "popup,width=480,height=680")) {
        event.preventDefault();
      }
    }
  });

  // An answer that is still under way must not write its cookie after the sign-in or sign-out that begins now.
  document.addEventListener("submit", ({ target }) => {
    if (new URL(target.action, location.href).pathname.startsWith(auth)) {
      leaving.abort();
      leaving = new AbortController();
    }
  });

  // Our own tabs speak on both channels at once: one look is enough.
  let heard;
  function hear() {
    clearTimeout(heard);
    heard = setTimeout(() => check(), 50);
  }
  channel?.addEventListener("message", hear);
  window.addEventListener("storage", (event) => event.key === "nextauth.message" && hear());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && (signedIn || isEnded())) {
      check({}).then(tick);
    }
  });
  window.addEventListener("pageshow", ({ persisted }) => persisted && check({}).then(tick));

  tellOnce(session ?? "", session ? "getSession" : "signout");
  tick();
})();
