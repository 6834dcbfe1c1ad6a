// Enhances the pages; every one of them works without it.
const busy = "ba-busy";

// What happens, for who listens: inside a button nothing is announced.
const say = (text) => {
  const status = document.querySelector("[data-ba-status]");
  if (status) {
    status.textContent = text;
  }
};

// An address that sent the person here may have had a fragment: browsers carry it along, servers never see it.
for (const field of document.querySelectorAll("input[name=callbackUrl]")) {
  if (location.hash && !field.value.includes("#")) {
    field.value += location.hash;
  }
}

// The pressed button says what happens; no second press can start a second sign-in.
document.addEventListener("submit", (event) => {
  const body = document.body;
  if (body.classList.contains(busy)) {
    event.preventDefault();
    return;
  }
  body.classList.add(busy);
  const button = event.submitter ?? event.target.querySelector("[data-ba-opening]");
  const label = button?.querySelector("[data-ba-label]");
  if (label) {
    button.setAttribute("aria-busy", "true");
    label.dataset.baBefore = label.textContent;
    label.textContent = button.dataset.baOpening;
  }
  say(button?.dataset.baOpening ?? "");
  for (const other of document.querySelectorAll("button")) {
    if (other !== button) {
      other.setAttribute("aria-disabled", "true");
    }
  }
});

// A page that comes back from the back-forward cache starts afresh.
addEventListener("pageshow", (event) => {
  if (!event.persisted) {
    return;
  }
  document.body.classList.remove(busy);
  say("");
  for (const button of document.querySelectorAll("button")) {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
    const label = button.querySelector("[data-ba-before]");
    if (label) {
      label.textContent = label.dataset.baBefore;
      delete label.dataset.baBefore;
    }
  }
});

// Times in the reader's own time zone.
function localize(root) {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  for (const time of root.querySelectorAll("time[data-ba-time]")) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}

// The list of devices follows what other tabs and devices do.
const list = document.querySelector("[data-ba-live]");
if (list) {
  const tabs = new BroadcastChannel("blazorauth");
  const signIns = new BroadcastChannel("next-auth");
  const sessions = (root) => [...root.querySelectorAll("[data-ba-session]")].map((row) => row.dataset.baSession).join();
  const address = location.pathname;
  let asking = false;
  const refresh = async () => {
    if (asking || document.hidden || document.querySelector("details[open]") || document.body.classList.contains(busy)) {
      return;
    }
    asking = true;
    try {
      // Nobody is at work here: a list that looks by itself must not keep its own session alive.
      const answer = await fetch(address, { headers: { Accept: "text/html", "X-Auth-Passive": "1" } });
      if (answer.redirected) {
        location.assign(answer.url);
      } else if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-ba-live]");
        if (fresh && sessions(fresh) !== sessions(list)) {
          localize(fresh);
          list.replaceChildren(...fresh.childNodes);
        }
      }
    } catch {
      // Offline: the next round asks again.
    } finally {
      asking = false;
    }
  };
  tabs.addEventListener("message", refresh);
  signIns.addEventListener("message", refresh);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, 15000);
  if (new URLSearchParams(location.search).has("done")) {
    tabs.postMessage("sessions");
  }
}

localize(document);
// Not in the frames of the preview, which would all scroll there.
if (self === top) {
  document.querySelector("[data-ba-focus]")?.focus();
}
document.querySelector("form[data-ba-auto]")?.requestSubmit();

// A sign-in beside an open page is done: that page hears of it and goes on.
if (document.querySelector("[data-signed-in]")) {
  const message = { event: "session", data: { trigger: "getSession" } };
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("next-auth").postMessage(message);
  }
  try {
    localStorage.setItem("nextauth.message", JSON.stringify({ ...message, timestamp: Math.floor(Date.now() / 1000) }));
  } catch {
    // Storage is blocked; the channel has told.
  }
  window.close();
}
