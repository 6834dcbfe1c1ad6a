// The page that drives a client: it shows what useSession says, and hands the client's functions to the test.
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import * as client from "next-auth-client";

const settings = new URLSearchParams(location.search);
const server = settings.get("server");

// What a front end on another origin has to add: cookies go along.
const plainFetch = window.fetch;
window.fetch = (input, init) => (String(input).startsWith(server) ? plainFetch(input, { ...init, credentials: "include" }) : plainFetch(input, init));

window.client = client;
window.statuses = [];

function Page() {
  const { data, status, update } = client.useSession(
    settings.has("required") ? { required: true, onUnauthenticated: settings.has("own") ? () => client.signIn() : undefined } : undefined,
  );
  window.update = update;
  useEffect(() => {
    window.statuses.push(status);
  }, [status]);
  return (
    <>
      <p id="status">{status}</p>
      <pre id="session">{JSON.stringify(data)}</pre>
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <client.SessionProvider basePath={server} refetchInterval={settings.has("poll") ? 1 : undefined}>
    <Page />
  </client.SessionProvider>,
);
