// In the app's own pages: what AuthNavigation, the forms and the menu need from a browser.

// Leaves the page with a form post and comes back to it, fragment included.
export function post(action, returnUrl, token) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.hidden = true;
  form.setAttribute("data-enhance", "false");
  for (const [name, value] of [["callbackUrl", returnUrl ?? location.href], ["csrfToken", token]]) {
    if (value) {
      const field = document.createElement("input");
      field.name = name;
      field.value = value;
      form.append(field);
    }
  }
  document.body.append(form);
  // After the call has been answered: leaving the page ends the circuit.
  setTimeout(() => form.submit());
}

// A form that was drawn on the server does not know the fragment of the page it is on.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector?.("input[data-ba-return]");
  if (field && !field.value.includes("#")) {
    field.value += location.hash;
  }
}, true);

// The menu: closed by leaving the page, and beside its button also where a browser has no anchors.
const isMenu = (element) => element.matches?.(".ba-menu > [popover]");
const closeMenus = () => document.querySelectorAll(".ba-menu > :popover-open").forEach((menu) => menu.hidePopover());
document.addEventListener("click", ({ target }) => target.closest?.(".ba-menu a") && closeMenus());
addEventListener("popstate", closeMenus);

function place(menu) {
  if (!CSS.supports("position-area: block-end")) {
    const button = menu.parentElement.getBoundingClientRect();
    const end = getComputedStyle(menu).direction === "rtl" ? button.left : button.right - menu.offsetWidth;
    Object.assign(menu.style, { inset: "auto", top: `${button.bottom}px`, left: `${Math.max(8, Math.min(end, innerWidth - menu.offsetWidth - 8))}px` });
  }
}

// When a page becomes live, Blazor puts new elements in the place of those that the server drew. What somebody was doing to our old ones is done to
// the new ones: a press that began on one and ends on the other, an open menu, the focus, and what was typed into a form that signs in.
const ours = "form[action*='/api/auth/'], .ba-menu";
const pressable = "button, summary, a[href]";
const typed = new Map();
let focused;
let held;
let opened;
let press;
let lost;
let given;
let clicked;

// What was done to an element counts for the one that takes its place within the time of a rerender, on the same page: whoever goes on in this document, which enhanced
// navigation keeps, acts for themselves.
const rerender = 1000;
const here = () => location.pathname + location.search;

// Where something stands among its like: the old one and the new one have the same place.
function placeOf(element) {
  const owner = element.closest(ours);
  if (!owner) {
    return null;
  }
  const name = (one) => one.getAttribute("action") ?? "menu";
  return [
    name(owner), [...document.querySelectorAll(ours)].filter((one) => name(one) === name(owner)).indexOf(owner),
    element.tagName, element.name, [...owner.querySelectorAll(element.tagName)].indexOf(element),
  ].join("|");
}

function find(at) {
  const tag = at.split("|")[2];
  return [...document.querySelectorAll(ours)].flatMap((owner) => [...owner.querySelectorAll(tag)]).find((element) => placeOf(element) === at);
}

function begin(target) {
  const element = target?.closest?.(pressable);
  const at = element && placeOf(element);
  press = at ? { at, element, page: here() } : null;
  watch(at);
}

// A press on an element that is gone has no click of its own. It is given one as soon as the new element is there, and never a second.
function end(point) {
  const ended = press;
  press = null;
  if (ended && !ended.element.isConnected) {
    // A finger's own click comes after it was lifted.
    clicked = null;
    setTimeout(() => {
      if (clicked !== ended.at) {
        const was = lost = { at: ended.at, page: ended.page, point };
        setTimeout(() => { lost = lost === was ? null : lost; }, rerender);
        resume();
      }
    }, 60);
  }
}

function isOver(element, point) {
  const box = element.getBoundingClientRect();
  return !point || (point.x >= box.left && point.x <= box.right && point.y >= box.top && point.y <= box.bottom);
}

function resume() {
  opened = opened?.page === here() ? opened : null;
  lost = lost?.page === here() ? lost : null;
  if (opened && !opened.element.isConnected) {
    const was = opened;
    const element = find(was.at);
    if (element) {
      opened = null;
      element.showPopover();
    } else {
      setTimeout(() => { opened = opened === was ? null : opened; }, rerender);
    }
  }
  for (const [at, was] of typed) {
    const field = !was.isConnected && find(at);
    if (field) {
      typed.set(at, field);
      if (field.value === field.defaultValue && field.checked === field.defaultChecked && (field.value !== was.value || field.checked !== was.checked)) {
        Object.assign(field, { value: was.value, checked: was.checked });
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } else if (!was.isConnected) {
      forget(at, was);
    }
  }
  if (focused && !focused.element.isConnected) {
    const { at, selection } = focused;
    const element = find(at);
    if (element && (document.activeElement ?? document.body) === document.body) {
      held = element;
      setTimeout(() => { held = null; }, 1500);
      element.focus({ preventScroll: true });
      selection && element.setSelectionRange(...selection);
    }
  }
  const element = lost && find(lost.at);
  if (element) {
    const { at, point } = lost;
    lost = null;
    // Who drew the pointer away from it before letting go has changed their mind.
    if (isOver(element, point)) {
      element.click();
      // What the browser itself makes of the press a little later is the same press.
      given = at;
      setTimeout(() => { given = null; }, 400);
    }
  }
}

// A form that does not come back was left: whoever opens it next in this document, which enhanced navigation keeps, types for themselves.
function forget(at, field) {
  setTimeout(() => typed.get(at) === field && !field.isConnected && typed.delete(at), 2000);
}

let observer;
function watch(isNeeded) {
  if (isNeeded && !observer) {
    observer = new MutationObserver(resume);
    observer.observe(document, { childList: true, subtree: true });
  }
}

function select() {
  const { element } = focused ?? {};
  if (element && element === document.activeElement && /^(text|search|url|tel|password)$/.test(element.type)) {
    focused.selection = [element.selectionStart, element.selectionEnd];
  }
}

function focus(element) {
  // A live page focuses its heading when it begins (FocusOnNavigate). Who is at work in a form of ours stays there.
  if (held && element !== held && held.isConnected) {
    held.focus({ preventScroll: true });
    return;
  }
  const at = element && placeOf(element);
  focused = at ? { at, element } : null;
  select();
  watch(at);
}

function blur(element) {
  // An element that is taken away loses the focus too, but nobody has left it.
  setTimeout(() => {
    if (focused?.element === element && element.isConnected && document.activeElement !== element) {
      focused = null;
    }
  });
}

const fields = "form[action*='/api/auth/'] :is(input, textarea):not([type=hidden])";
function type(field) {
  const at = field.matches?.(fields) && placeOf(field);
  at && typed.set(at, field);
  watch(at);
}

const listen = (kinds, then) => kinds.split(" ").forEach((kind) => document.addEventListener(kind, then, true));
listen("pointerdown", ({ target, isPrimary, button }) => {
  held = null;
  isPrimary && button === 0 && begin(target);
});
listen("pointerup", ({ clientX, clientY }) => end({ x: clientX, y: clientY }));
listen("pointercancel", () => { press = null; });
listen("keydown", ({ target, key, repeat }) => {
  held = key === "Tab" ? null : held;
  key === " " && !repeat && begin(target);
});
listen("keyup", ({ key }) => key === " " && end());
listen("click", (event) => {
  const element = event.target.closest?.(pressable);
  const at = element && event.isTrusted && placeOf(element);
  if (at && at === given) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  clicked = at;
});
listen("focusin", ({ target }) => focus(target));
listen("focusout", ({ target }) => blur(target));
listen("input change", ({ target }) => { type(target); select(); });
listen("selectionchange", select);
// "toggle" comes a little later than the menu closes: an element that is replaced in between must not be opened again.
listen("beforetoggle", ({ target, newState }) => isMenu(target) && newState === "closed" && open(null));
listen("toggle", ({ target, newState }) => {
  if (isMenu(target)) {
    open(newState === "open" ? target : null);
  }
});

function open(menu) {
  opened = menu && { at: placeOf(menu), element: menu, page: here() };
  menu && place(menu);
  watch(menu);
}

// What began before this script was there.
begin(document.querySelector(`:is(${pressable}):active`));
focus(document.activeElement);
document.querySelectorAll(fields).forEach((field) => field.value !== field.defaultValue && type(field));
open(document.querySelector(".ba-menu > :popover-open"));
