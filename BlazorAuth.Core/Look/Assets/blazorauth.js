// Enhances the pages; every one of them works without it.
const busy = "ba-busy";
const language = document.documentElement.lang;
// Dates as the reader writes them, in the language of the sentence around them: British ones in an English page.
const locale = navigator.languages?.find((one) => one.split("-")[0] === language.split("-")[0]) ?? language;

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
  const button = event.submitter ?? event.target.querySelector("[data-ba-opening]");
  if (body.classList.contains(busy) || button?.getAttribute("aria-disabled")) {
    event.preventDefault();
    return;
  }
  body.classList.add(busy);
  const label = button?.querySelector("[data-ba-label]");
  if (label) {
    button.setAttribute("aria-busy", "true");
    label.dataset.baBefore = label.textContent;
    label.textContent = button.dataset.baOpening;
  }
  say(button?.dataset.baOpening ?? "");
  for (const other of document.querySelectorAll("form button:not([type=button])")) {
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

// Times in the reader's own time zone: the exact one as title, in the sentence how long ago, or the day.
const units = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];
function ago(milliseconds) {
  let count = Math.round(milliseconds / 1000);
  const [unit] = units.find(([, size]) => Math.abs(count) < size || !(count = Math.round(count / size)));
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-count, unit);
}

function localize(root) {
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const now = new Date();
  for (const time of root.querySelectorAll("time[data-ba-time]")) {
    const at = new Date(time.dateTime);
    time.title = exact.format(at);
    time.textContent = time.dataset.baTime === "ago"
      ? ago(now - at)
      : new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", year: at.getFullYear() === now.getFullYear() ? undefined : "numeric" }).format(at);
  }
}

// After too many attempts the time left is counted down, and nothing can be tried before.
const wait = document.querySelector("[data-ba-wait]");
if (wait) {
  const until = Date.now() + wait.dataset.baWait * 1000;
  const left = wait.querySelector("[data-ba-left]");
  const buttons = document.querySelectorAll("form button");
  buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
  const count = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > 0) {
      const [number, unit] = seconds > 90 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
      left.textContent = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(number);
      setTimeout(count, 1000);
    } else {
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
      wait.textContent = wait.dataset.baOver;
      say(wait.dataset.baOver);
    }
  };
  count();
  wait.dataset.baCounts = "";
}

// Who wants to see what they type can; without script there is no button for it.
for (const button of document.querySelectorAll("[data-ba-reveal]")) {
  const field = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shows = field.type === "password";
    field.type = shows ? "text" : "password";
    button.setAttribute("aria-pressed", shows);
  });
  // A password is sent as one: browsers offer to keep it, and no history of texts does.
  button.form?.addEventListener("submit", () => { field.type = "password"; });
}

// What is to be confirmed is read at once; Escape is the same as Cancel.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".ba-confirm[open]")) {
    target.nextElementSibling.querySelector("[data-ba-question]")?.focus();
  }
}, true);
document.addEventListener("keydown", ({ key }) => {
  const open = key === "Escape" && document.querySelector(".ba-confirm[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

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

// A picture that does not load: initials, as for people without one.
const picture = document.querySelector("[data-ba-initials]");
const initials = () => picture.replaceWith(picture.dataset.baInitials);
if (picture?.complete && !picture.naturalWidth) {
  initials();
}
picture?.addEventListener("error", initials);

localize(document);
// Not in the frames of the preview, which would all scroll there.
if (self === top) {
  document.querySelector("[data-ba-focus]")?.focus();
}
document.querySelector("form[data-ba-auto]")?.requestSubmit();

// Other tabs hear of it at once, on the channels of both next-auth clients; our own pages listen there too.
function tellTabs(trigger) {
  const message = { event: "session", data: { trigger } };
  if ("BroadcastChannel" in window) {
    new BroadcastChannel("next-auth").postMessage(message);
  }
  try {
    if (trigger === "signout") {
      // The next page of the app has nothing to tell.
      localStorage.setItem("blazorauth.session", "");
    }
    localStorage.setItem("nextauth.message", JSON.stringify({ ...message, timestamp: Math.floor(Date.now() / 1000) }));
  } catch {
    // Storage is blocked; the channel has told.
  }
}

if (document.querySelector("[data-ba-signed-out]") && self === top) {
  tellTabs("signout");
}

// A sign-in beside an open page is done: that page hears of it and goes on.
if (document.querySelector("[data-signed-in]")) {
  tellTabs("getSession");
  window.close();
}
