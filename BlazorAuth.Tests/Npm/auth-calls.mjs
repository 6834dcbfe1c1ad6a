// Calls functions of the real @auth/core: a list of calls on stdin, a list of results on stdout; a refusal is {"error": …}.
import { decode, encode, getToken } from "@auth/core/jwt";
import { text } from "node:stream/consumers";

const calls = { encode, decode, getToken: (parameters) => getToken({ ...parameters, req: { headers: new Headers(parameters.headers) } }) };
const results = [];
for (const { call, parameters } of JSON.parse(await text(process.stdin))) {
  try {
    results.push({ value: await calls[call](parameters) });
  } catch (error) {
    results.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(results));
