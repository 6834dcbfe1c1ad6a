// A server of the real @auth/core, as a Next.js app beside ours would be: same secret, same cookie. Arguments: secret; for https
// behind a proxy the name of the session cookie, or "its-own".
import { Auth } from "@auth/core";
import Credentials from "@auth/core/providers/credentials";
import { createServer } from "node:http";
import { Readable } from "node:stream";

const [secret, cookie] = process.argv.slice(2);
const config = {
  secret,
  useSecureCookies: Boolean(cookie),
  ...(cookie && cookie !== "its-own" && { cookies: { sessionToken: { name: cookie } } }),
  basePath: "/api/auth",
  trustHost: true,
  providers: [Credentials({ credentials: { user: {}, password: {} }, authorize: ({ user }) => ({ id: `u-${user}`, name: user, email: `${user}@example.com` }) })],
};

const server = createServer(async (incoming, outgoing) => {
  const hasBody = !["GET", "HEAD"].includes(incoming.method);
  const answer = await Auth(
    new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
      ...(hasBody && { body: Readable.toWeb(incoming), duplex: "half" }),
    }),
    config,
  );
  outgoing.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  }
  outgoing.setHeader("set-cookie", answer.headers.getSetCookie());
  outgoing.end(await answer.text());
});
server.listen(0, "127.0.0.1", () => console.log(`Now listening on: http://localhost:${server.address().port}`));
