// The endpoints without any library: four requests are all there is.
import { authUrl } from "./auth";
import { fail, offer, onSignOut, type Person, show } from "./view";

const get = (path: string) => fetch(`${authUrl}/${path}`, { credentials: "include" }).then((response) => response.json());

async function post(path: string, fields: Record<string, string>) {
  const { csrfToken } = await get("csrf");
  const response = await fetch(`${authUrl}/${path}`, {
    method: "POST",
    credentials: "include",
    headers: { "X-Auth-Return-Redirect": "1" },
    body: new URLSearchParams({ ...fields, csrfToken, callbackUrl: location.href }),
  });
  location.href = (await response.json()).url;
}

onSignOut(() => post("signout", {}));
try {
  show((await get("session")) as Person | null);
  for (const provider of Object.values<{ id: string; name: string }>(await get("providers"))) {
    offer(provider.name, () => post(`signin/${provider.id}`, {}));
  }
} catch (error) {
  fail(error);
}
