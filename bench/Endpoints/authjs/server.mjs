// The real Auth.js behind Node's own HTTP server, with no framework in between.
import { createServer } from "node:http";
import { Auth } from "@auth/core";
import { encode } from "@auth/core/jwt";
import GitHub from "@auth/core/providers/github";

const url = process.argv[2];
const secret = "a secret for the bench, which is not a secret";
const config = {
  secret,
  trustHost: true,
  basePath: "/api/auth",
  providers: [GitHub({ clientId: "id", clientSecret: "secret" })],
  logger: { error() {}, warn() {} },
};

createServer(async (request, response) => {
  if (request.url === "/signin") {
    const salt = "authjs.session-token";
    const token = await encode({
      secret,
      salt,
      token: { name: "Ada Lovelace", email: "ada@example.com", picture: "https://example.com/ada.png", sub: "x7TvJw7RkPmYd0b1n2c3ZQ" },
    });
    response.setHeader("Set-Cookie", `${salt}=${token}; Path=/`);
    response.end();
    return;
  }
  const answer = await Auth(new Request(url + request.url, { headers: request.headers }), config);
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("Set-Cookie", cookies);
  response.end(await answer.text());
}).listen(Number(new URL(url).port), "127.0.0.1");
