// The app serves a client without dependencies beside its endpoints. Any framework can use it; here it is none.
import type { createAuth as CreateAuth } from "blazorauth-client";
import { authUrl } from "./auth";
import { fail, offer, onSignOut, show } from "./view";

const { createAuth }: { createAuth: typeof CreateAuth } = await import(/* @vite-ignore */ `${authUrl}/assets/client.js`);
const auth = createAuth();

auth.onSession(show);
onSignOut(() => auth.signOut());
try {
  for (const provider of Object.values(await auth.getProviders())) {
    offer(provider.name, () => auth.signIn(provider.id));
  }
} catch (error) {
  fail(error);
}
