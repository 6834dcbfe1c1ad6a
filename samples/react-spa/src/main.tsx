import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { authUrl, whoAmI } from "./auth";
import { getProviders, SessionProvider, signIn, signOut, useSession } from "next-auth/react";

type Providers = Awaited<ReturnType<typeof getProviders>>;

function Page() {
  const { data: session, status, update } = useSession();
  const [providers, setProviders] = useState<Providers>(null);
  const [answer, setAnswer] = useState<string>();
  useEffect(() => void getProviders().then(setProviders), []);
  return (
    <>
      <h1>{session ? `Hello, ${session.user?.name}` : "Sign in from React"}</h1>
      <p role="status">useSession says: {status}</p>
      {status === "authenticated" ? (
        <div className="row">
          <button onClick={() => whoAmI().then(setAnswer)}>Ask the API who I am</button>
          <button onClick={() => update()}>Refresh the session</button>
          <button onClick={() => signOut()}>Sign out</button>
        </div>
      ) : (
        <div className="row">
          {Object.values(providers ?? {}).map((provider) => (
            <button key={provider.id} onClick={() => signIn(provider.id)}>
              Continue with {provider.name}
            </button>
          ))}
          <button onClick={() => signIn()}>Other ways</button>
        </div>
      )}
      {answer && <pre>{answer}</pre>}
      {session && <pre>{JSON.stringify(session, null, 2)}</pre>}
    </>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <SessionProvider basePath={authUrl}>
      <Page />
    </SessionProvider>
  </StrictMode>,
);
