// What the two pages without React show.
import { whoAmI } from "./auth";

const element = (id: string) => document.getElementById(id)!;

export interface Person {
  user: { name?: string | null; email?: string | null };
}

export function show(session: Person | null) {
  element("greeting").textContent = session ? `Hello, ${session.user.name ?? session.user.email}` : "Sign in";
  element("status").textContent = session ? `Signed in as ${session.user.email ?? "somebody"}` : "Nobody is signed in.";
  element("signed-in").hidden = !session;
  element("signed-out").hidden = !!session;
}

export function fail(error: unknown) {
  element("status").textContent = error instanceof Error ? error.message : String(error);
}

export function offer(name: string, signIn: () => Promise<unknown>) {
  const button = document.createElement("button");
  button.textContent = `Continue with ${name}`;
  button.onclick = () => signIn().catch(fail);
  element("signed-out").append(button);
}

export function onSignOut(signOut: () => Promise<unknown>) {
  element("sign-out").onclick = () => signOut().catch(fail);
}

element("ask").onclick = async () => {
  element("answer").hidden = false;
  element("answer").textContent = await whoAmI();
};
