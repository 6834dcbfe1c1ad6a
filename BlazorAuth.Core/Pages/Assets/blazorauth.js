// Enhances the pages; every one of them works without it.
const busy = "ba-busy";

// The pressed button says what happens; no second press can start a second sign-in.
document.addEventListener("submit", (event) => {
  if (document.body.classList.contains(busy)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  document.body.classList.add(busy);
  if (button?.dataset.opening) {
    button.setAttribute("aria-busy", "true");
    const label = button.querySelector("span");
    label.dataset.before = label.textContent;
    label.textContent = button.dataset.opening;
  }
});

// A page that comes back from the back-forward cache starts afresh.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) {
    return;
  }
  document.body.classList.remove(busy);
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    const label = button.querySelector("span");
    label.textContent = label.dataset.before;
  }
});

document.querySelector(".ba-message")?.focus();

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
