export const authUrl: string = import.meta.env.VITE_AUTH_URL;
export const apiUrl: string = import.meta.env.VITE_API_URL;

// All that next-auth/react needs on another origin: its requests, and ours to the API, take the cookies along.
const plainFetch = window.fetch;
window.fetch = (input, init) => plainFetch(input, String(input).startsWith(apiUrl) ? { ...init, credentials: "include" } : init);

/** Asks a protected API of the app. Without a session it answers 401 as JSON, never with a page. */
export async function whoAmI(): Promise<string> {
  const response = await fetch(`${apiUrl}/me`, { credentials: "include" });
  return `${response.status} ${JSON.stringify(await response.json(), null, 2)}`;
}
