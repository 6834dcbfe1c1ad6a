// The client for front ends without next-auth: no dependencies, any framework. Types are in client.d.ts.

const channelName = "next-auth"; // next-auth 5 listens here,
const storageKey = "nextauth.message"; // and next-auth 4 here.

export class AuthError extends Error {
  constructor(message, status, cause) {
    super(message, { cause });
    this.name = "AuthError";
    this.status = status;
  }
}

export function createAuth({ url = addressOfThisModule() } = {}) {
  const base = new URL(url, location.href).href.replace(/\/+$/, "");
  const listeners = new Set();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(channelName) : null;
  let session; // undefined: not known yet
  let reading = null;
  let changes = 0;

  async function request(path, init) {
    let response;
    try {
      response = await fetch(`${base}/${path}`, { credentials: "include", cache: "no-store", ...init });
    } catch (error) {
      throw new AuthError("The server could not be reached, or does not allow this origin.", 0, error);
    }
    const body = await response.json().catch(() => undefined);
    if (body === undefined || (!response.ok && !body?.url)) {
      throw new AuthError(body?.message ?? `The server answered ${response.status}.`, response.status);
    }
    return { body, response };
  }

  const get = async (path) => (await request(path)).body;

  async function post(path, fields) {
    const csrfToken = await getCsrfToken();
    return request(path, {
      method: "POST",
      headers: { "X-Auth-Return-Redirect": "1" },
      body: new URLSearchParams({ ...fields, csrfToken }),
    });
  }

  function tell(next) {
    const changed = JSON.stringify(session) !== JSON.stringify(next);
    session = next;
    if (changed) {
      for (const listener of [...listeners]) {
        listener(session);
      }
    }
    return session;
  }

  function tellOtherTabs(trigger) {
    const message = { event: "session", data: { trigger } };
    channel?.postMessage(message);
    try {
      localStorage.setItem(storageKey, JSON.stringify({ ...message, timestamp: Date.now() / 1000 }));
    } catch {
      // Storage may be forbidden; then only tabs that listen on the channel hear.
    }
  }

  // A failure is no sign-out: what was known stays.
  const refresh = () => getSession().catch(() => session);

  function getSession() {
    reading ??= read();
    return reading;
  }

  // An answer that is older than a sign-in, a sign-out or an update says nothing any more: what came after it counts.
  async function read() {
    const before = changes;
    const isNews = () => before === changes;
    try {
      const answer = await get("session");
      if (isNews()) {
        return tell(answer);
      }
    } catch (error) {
      if (isNews()) {
        throw error;
      }
    } finally {
      if (isNews()) {
        reading = null;
      }
    }
    return reading ?? session;
  }

  function supersede() {
    changes++;
    reading = null;
  }

  async function afterChange(trigger) {
    supersede();
    await refresh();
    tellOtherTabs(trigger);
  }

  async function getCsrfToken() {
    return (await get("csrf")).csrfToken;
  }

  async function signIn(provider, { redirect = true, redirectTo = location.href, params, ...fields } = {}) {
    const providers = await get("providers");
    const chosen = provider && providers[provider];
    if (!chosen) {
      return go(`${base}/signin?${new URLSearchParams({ callbackUrl: redirectTo })}`);
    }
    const action = chosen.type === "credentials" ? "callback" : "signin";
    const query = params ? `?${new URLSearchParams(params)}` : "";
    const { body, response } = await post(`${action}/${provider}${query}`, { ...fields, callbackUrl: redirectTo });
    if (redirect) {
      return go(body.url);
    }
    const answer = new URL(body.url).searchParams;
    const error = answer.get("error") ?? undefined;
    if (!error && action === "callback") {
      await afterChange("getSession");
    }
    return { ok: response.ok && !error, error, code: answer.get("code") ?? undefined, status: response.status, url: error ? null : body.url };
  }

  async function signOut({ redirect = true, redirectTo = location.href } = {}) {
    const { body, response } = await post("signout", { callbackUrl: redirectTo });
    if (response.ok && !new URL(body.url, base).searchParams.has("error")) {
      supersede();
      tell(null);
    }
    await afterChange("signout");
    return redirect ? go(body.url) : { url: body.url };
  }

  async function update(data) {
    const before = changes;
    const { body } = await request("session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ csrfToken: await getCsrfToken(), data }),
    });
    if (before === changes) {
      supersede();
      tell(body);
    } else {
      refreshAgain();
    }
    tellOtherTabs("getSession");
    return body;
  }

  function onSession(listener) {
    listeners.add(listener);
    if (listeners.size === 1) {
      addEventListener("visibilitychange", refreshIfVisible);
      addEventListener("storage", refreshIfOurs);
      channel?.addEventListener("message", refreshAgain);
    }
    if (session === undefined) {
      void refresh();
    } else {
      listener(session);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        removeEventListener("visibilitychange", refreshIfVisible);
        removeEventListener("storage", refreshIfOurs);
        channel?.removeEventListener("message", refreshAgain);
      }
    };
  }

  function refreshIfVisible() {
    if (document.visibilityState === "visible") {
      void refresh();
    }
  }

  function refreshIfOurs(event) {
    if (event.key === storageKey) {
      refreshAgain();
    }
  }

  // Another tab has changed something since an answer that is still on its way was asked for.
  function refreshAgain() {
    supersede();
    void refresh();
  }

  return { getSession, getProviders: () => get("providers"), getCsrfToken, signIn, signOut, update, onSession };
}

// Served by the app itself, the module lies at …/api/auth/assets/client.js.
function addressOfThisModule() {
  const served = new URL(import.meta.url).pathname.endsWith("/assets/client.js");
  return served ? new URL("..", import.meta.url).href : "/api/auth";
}

function go(url) {
  const before = location.href.split("#")[0];
  location.href = url;
  // An address that differs in its fragment only loads nothing.
  if (url.includes("#") && url.split("#")[0] === before) {
    location.reload();
  }
  return new Promise(() => {});
}
